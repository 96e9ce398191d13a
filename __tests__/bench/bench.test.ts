import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Row = {
  name: string
  ratio?: { median: number; lowest: number; highest: number }
  value?: number
  limit?: number
  target?: number
}
type Case = { title: string; unit?: string; needsBuild?: boolean; run(budget: object): Promise<Row[]> }

const bench = (path: string) => require(join('../../bench', path))
const { caseNames, loadCase } = bench('cases/names') as {
  caseNames: string[]
  loadCase: (name: string) => Case
}
const { tiny } = bench('budget').budgets

/** A busy machine makes the reference slow. */
jest.setTimeout(60_000)

describe('the benchmark', () => {
  const inProcess = caseNames.filter((name) => !loadCase(name).needsBuild)

  test.each(inProcess)('%s runs, finds both sides equal, and gives finite figures', async (name) => {
    const { run } = loadCase(name)
    const rows = await run(tiny)
    expect(rows.length).toBeGreaterThan(0)
    for (const { ratio, value } of rows) expect(Number.isFinite(ratio?.median ?? value)).toBe(true)
  })

  it('measures every path that it lists as a file of its own', () => {
    for (const name of caseNames) expect(loadCase(name)).toMatchObject({ name, title: expect.any(String) })
  })

  it('refuses to compare sides that do not make the same', () => {
    const { requireEqual, requireEqualLists, UnequalOutputs } = bench('equality')
    const echo = (value: unknown) => ({ value })
    expect(() => requireEqual('payload', [1, 2], echo, echo)).not.toThrow()
    expect(() =>
      requireEqual('payload', [1, 2], echo, (value: number) => ({ value: value === 2 ? '2' : value })),
    ).toThrow(UnequalOutputs)
    expect(() =>
      requireEqual(
        'body',
        ['a'],
        () => '{"a":1,"b":2}',
        () => '{"b":2,"a":1}',
      ),
    ).toThrow(/input 0/)
    expect(() => requireEqualLists('requests', [1, 2], [1])).toThrow(
      /waybill made 2 of them, the reference 1/,
    )
  })

  it('measures no side before both were found equal', async () => {
    const reference = bench('reference')
    jest.doMock('../../bench/reference', () => ({
      ...reference,
      referencePayload: () => ({ prepare: () => ({ userId: 'someone else' }) }),
    }))
    await jest.isolateModulesAsync(async () => {
      const { run } = bench('cases/payload') as Case
      await expect(run(tiny)).rejects.toThrow(/medium mapping, order: input 0/)
    })
    jest.dontMock('../../bench/reference')
  })
})

describe('the figures of the benchmark', () => {
  const { median, spread } = bench('statistics')
  const { compare } = bench('measure')

  it('are the middle of all rounds, with the lowest and the highest beside it', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(spread([2, 9, 4])).toEqual({ median: 4, lowest: 2, highest: 9 })
  })

  it('come from rounds in turn, in reversed order every other time, the first not counted', async () => {
    const calls: string[] = []
    const side = (name: string, events: number) => () => {
      calls.push(name)
      return events
    }
    const [row] = await compare(
      'a path',
      { waybill: side('ours', 1000), other: side('theirs', 10) },
      { other: { label: 'the other', target: 3 } },
      { rounds: 3, roundMs: 1 },
    )
    expect(calls).toEqual(['theirs', 'ours', 'ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs'])
    expect(row).toMatchObject({ name: 'a path', against: 'the other', target: 3 })
    expect(row.ratio.lowest).toBeLessThanOrEqual(row.ratio.highest)
  })

  it('say of each row whether it reaches its target', () => {
    const { isReached } = bench('report/judge')
    expect(isReached({ ratio: { median: 10 }, target: 10 })).toBe(true)
    expect(isReached({ ratio: { median: 9.9 }, target: 10 })).toBe(false)
    expect(isReached({ ratio: { median: 9.9 } })).toBeUndefined()
    expect(isReached({ value: 17, limit: 17 })).toBe(true)
    expect(isReached({ value: 18, limit: 17 })).toBe(false)
  })

  it('are shown as a table and as a chart', () => {
    const { table } = bench('report/table')
    const { chart } = bench('report/chart')
    const row = {
      name: 'order',
      against: 'parse + match of the reference',
      waybill: { perSecond: 1_234_567, cpuMicros: 1 },
      other: { perSecond: 4321, cpuMicros: 250 },
      ratio: { median: 285.7, lowest: 250, highest: 301, cpu: 250 },
      target: 300,
    }
    const results = [{ name: 'filter', title: 'Filter', unit: 'events/s', rows: [row] }]
    expect(table(results[0])).toMatch(/order .* 1,230,000 +4,320 +286 x +250 – 301 +250 x +300 x +NO/)
    expect(table({ title: 'Start', rows: [{ name: 'load', value: 41.26, unit: 'ms', limit: 60 }] })).toMatch(
      /load +41\.3 ms +60 ms +yes/,
    )
    const machine = { date: '2026-01-01', node: 'v20', cores: 2, cpu: 'CPU <x> & y' }
    const svg = chart({ machine, results })
    expect(svg).toContain('286×')
    expect(svg).toContain('CPU &lt;x&gt; &amp; y')
  })

  it('know what may be asked for', () => {
    const { readOptions } = bench('options')
    expect(readOptions([])).toMatchObject({ budget: 'full', only: caseNames })
    expect(readOptions(['--short', '--only', 'filter,http', '--json', 'a.json'])).toMatchObject({
      budget: 'short',
      only: ['filter', 'http'],
      json: 'a.json',
    })
    expect(() => readOptions(['--only', 'filtre'])).toThrow(/there is no case filtre; there are filter, /)
    expect(() => readOptions(['--fast'])).toThrow()
  })

  it('are explained in the documentation, case by case', () => {
    const page = readFileSync(join(__dirname, '../../docs/performance.md'), 'utf8')
    for (const name of caseNames) expect(page).toContain(`\`${name}\``)
  })
})
