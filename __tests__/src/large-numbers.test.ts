import fc from 'fast-check'
import { asStrings, findLargeNumbers } from '../../src/large-numbers'
import { readAll } from './cli/input/read-all'

const text = (...lines: string[]) => [Buffer.from(lines.join('\n'))]

test.each([
  [
    '{"userId":12345678901234567890}',
    /^userId is a number beyond 2\^53.*as a string.*--large-numbers-as-strings/,
  ],
  ['{"properties":{"items":[{"id":1},{"id":9007199254740993}]}}', /^properties\.items\[1\]\.id is/],
  ['{"a":{"b.c":-9007199254740993}}', /^a\.b\.c is/],
  ['{"a":1e999}', /^a is a number too large or too small/],
  ['{"a":-1e999,"b":[1,2,1e-999]}', /^a is .* likewise b\[2\]/],
  [`{"a":${'9'.repeat(400)}}`, /^a is a number too large/],
  ['{"a":12345678901234567.89}', /^a is a number beyond/],
  [
    '{"a":[12345678901234567890,12345678901234567891,12345678901234567892,12345678901234567893,1]}',
    /a\[1\], a\[2\], 1 more/,
  ],
  ['{"\\"a\\\\":"{","b":9007199254740993}', /^b is/],
])('%s is refused with the path, and keeps its text', async (line, problem) => {
  const { events, malformed } = await readAll(text('{"x":1}', line, '{"x":2}'))
  expect(events).toEqual([{ x: 1 }, { x: 2 }])
  expect(malformed).toMatchObject([{ line: 2, problem: expect.stringMatching(problem), text: line }])
  expect(malformed[0]?.problem).not.toMatch(/123456|900719/)
})

test('numbers that arrive as they are written are events', async () => {
  const numbers = [
    '9007199254740991',
    '-9007199254740991',
    '9007199254740992',
    '1e21',
    '10000000000000000000',
    '1.5e300',
    '5e-324',
    '0.30000000000000004',
    '3.3333333333333333',
    '52.520006599999999123',
    '-0',
    '0e999',
    '1E5',
    '0.0000000000000000000001',
  ]
  const lines = numbers.map((number) => `{"a":${number},"id":"12345678901234567890","uuid":"0012e456-1e999"}`)
  const { events, malformed } = await readAll(text(...lines))
  expect(malformed).toEqual([])
  expect(events).toHaveLength(numbers.length)
})

test('may become strings, exactly as they were written', async () => {
  const line = '{"a":12345678901234567890,"b":["x",-1e999,7],"c":9007199254740991}'
  const { events } = await readAll(text(line), { largeNumbersAsStrings: true })
  expect(events).toEqual([{ a: '12345678901234567890', b: ['x', '-1e999', 7], c: 9007199254740991 }])
})

test('every number of any text either prints as the same number or is found, wherever it stands', () => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,25})$/)
  const exponent = fc.constantFrom('', 'e5', 'E+22', 'e-30', 'e308', 'e400', 'e-400')
  const number = fc.tuple(digits, exponent).map((parts) => parts.join(''))
  const name = fc.string({ maxLength: 5 })
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      number,
      name.map((value) => JSON.stringify(value)),
      fc.array(tie('tree'), { maxLength: 4 }).map((items) => `[ ${items.join(' , ')} ]`),
      fc
        .array(fc.tuple(name, tie('tree')), { maxLength: 4 })
        .map(
          (members) => `{${members.map(([key, value]) => `${JSON.stringify(key)} : ${value}`).join(',')}}`,
        ),
    ),
  }))
  /** An integer by its exact value; BigInt knows no rounding. */
  const exact = (source: string): bigint | undefined => {
    const [whole = '', power = '0'] = source.toLowerCase().split('e')
    const zeros = Number(power)
    if (zeros < 0 || zeros > 320) return undefined
    return BigInt(whole) * 10n ** BigInt(zeros)
  }
  fc.assert(
    fc.property(tree, (json) => {
      const found = findLargeNumbers(json)
      const changed = asStrings(json, found)
      JSON.parse(changed)
      const starts = new Set(found.map(({ start }) => start))
      for (const match of json.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
        const [source] = match
        if (source.startsWith('"')) continue
        const value = exact(source)
        if (value === undefined || starts.has(match.index)) continue
        // What was not found prints as a decimal of the same value.
        const printed = JSON.stringify(Number(source))
        const [mantissa = '', power = '0'] = printed.split('e+')
        const fraction = mantissa.split('.')[1]?.length ?? 0
        expect(BigInt(mantissa.replace('.', '')) * 10n ** BigInt(Number(power) - fraction)).toBe(value)
      }
    }),
    { numRuns: 500 },
  )
})
