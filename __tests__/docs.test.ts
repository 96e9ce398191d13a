import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { errorTable } from 'waybill'
import { refusalTable, warningTable } from 'waybill/ingest'

const root = resolve(__dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

const blocks = (page: string, language: string): string[] =>
  [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] as string,
  )

const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

/** Runs a program as it stands on the page; imports become requires, since tests are CommonJS. */
async function runExample(source: string): Promise<unknown[]> {
  const printed: unknown[] = []
  const body = source.replace(/^import (\{[^}]+\}) from '([^']+)'$/gm, "const $1 = require('$2')")
  await new AsyncFunction('require', 'console', body)(require, {
    log: (value: unknown) => printed.push(value),
  })
  return printed
}

test('the program of the README delivers an event to the emulator', async () => {
  const printed = await runExample(blocks('README.md', 'js')[0] as string)
  expect(printed).toEqual([['Identify User: delivered', 'Track Event: skipped', 'Alias User: skipped']])
})

test('the destination of the README is complete and sends its request', async () => {
  const printed = await runExample(blocks('README.md', 'js')[1] as string)
  expect(printed).toMatchObject([[{ kind: 'delivered', action: 'trackEvent', status: 200 }]])
})

test('the destination of the page on partner endpoints posts its messages and reads the answers', async () => {
  const printed = await runExample(blocks('docs/partner-endpoint.md', 'js')[0] as string)
  expect(printed).toEqual([
    [
      ['delivered', undefined, undefined],
      ['rejected', 'EVENT_NOT_SUPPORTED', 'no groups here'],
    ],
    'Basic c2VnbWVudDo=',
  ])
})

test('the connection of the page can be asked everything that the page says', async () => {
  const printed = await runExample(blocks('docs/connections.md', 'js')[0] as string)
  expect(printed).toEqual([
    [
      { ok: true, value: { isTested: true } },
      { ok: true, value: { choices: [{ label: 'News', value: '7' }] } },
      {
        ok: true,
        value: {
          message: 'The list was created.',
          outputs: { id: '8' },
          mapping: { list: '7', onMappingSave: { inputs: { title: 'Offers' }, outputs: { id: '8' } } },
        },
      },
      'delivered',
    ],
  ])
})

test('the program of the page on lint finds what the page says', async () => {
  const printed = await runExample(blocks('docs/lint.md', 'js')[0] as string)
  expect(printed).toEqual([
    [
      {
        rule: 'filter-differs',
        path: 'connections[0].subscriptions[0].filter',
        witness: { type: 'identify', event: 'A' },
      },
    ],
  ])
})

/** The programs of a page, each with the text that follows it: what it prints. */
const programs = (page: string): [string, string][] =>
  [...read(page).matchAll(/```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map((match) => [
    match[1] as string,
    match[2] as string,
  ])

test.each(['docs/sample-events.md', 'docs/explain.md', 'docs/ingest.md', 'docs/plugin.md'])(
  'every program of %s prints what the page says',
  async (page) => {
    const fragments = page === 'docs/plugin.md' ? 1 : 0
    expect(programs(page)).toHaveLength(blocks(page, 'js').length - fragments)
    for (const [program, expected] of programs(page)) {
      const printed = await runExample(program)
      const lines = printed.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      expect(lines.join('\n')).toBe(expected.trimEnd())
    }
  },
)

test('the configuration of the README is part of the one of the examples', () => {
  const { connections } = JSON.parse(blocks('README.md', 'json')[0] as string)
  expect(connections).not.toEqual([])
  expect(JSON.parse(read('examples/waybill.config.json')).connections).toEqual(
    expect.arrayContaining(connections),
  )
})

test('the commands of the README are scripts of the package, and CI calls the one for tests', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const [, script] of read('README.md').matchAll(/npm run ([\w:]+)/g))
    expect(Object.keys(scripts)).toContain(script)
  expect(read('README.md')).toMatch(/^npm ci && npm run check$/m)
  expect(read('.ci/run')).toMatch(/^npm ci && npm run check$/m)
})

test('the page of errors and the table of codes agree', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)].map(
    ([, code, meaning]) => [code, meaning],
  )
  expect(Object.fromEntries(rows)).toEqual(errorTable)
})

test('the page on ingest and the tables of refusals and warnings agree', () => {
  const rows = [...read('docs/ingest.md').matchAll(/^\| `([a-z]+_[a-z_]+)` \| ([^|].+) \|$/gm)].map(
    ([, code, meaning]) => [code, meaning],
  )
  expect(Object.fromEntries(rows)).toEqual({ ...refusalTable, ...warningTable })
})

test.each(pages)('every link of %s leads to a file', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] as string)
  expect(links.filter((link) => !existsSync(resolve(root, dirname(page), link)))).toEqual([])
})
