import fc from 'fast-check'
import { parseConfiguration } from '../../../../src/cli/configuration/parse-configuration'

const isPlain = (text: string) => !text.includes('__proto__')

describe('the text of a configuration', () => {
  test.each([
    ['{"a" 1}', 1, 6, 'a ":" is missing here'],
    ['{\n "a": [1, 2,, 3]\n}', 2, 13, 'a value is missing here'],
    ['', 1, 1, 'is empty; "npx waybill init" writes a first one'],
    ['[1, 2', 1, 6, 'a "]" is missing here'],
    ['{} {}', 1, 4, 'the file should end here; one object is all it holds'],
    ['{"a": yes}', 1, 7, 'this is no JSON value; put strings between double quotes'],
    ['{"a": "x\ny"}', 1, 7, 'a string begins here and does not end; write a closing quote'],
    ['{"a": 1 /* no end', 1, 9, 'a comment begins here and does not end; write "*/"'],
    ['{"a": 1,\n "a": 2}', 2, 2, 'is given twice; remove one of them'],
  ])('%j: line %d, column %d: %s', (text, line, column, message) => {
    expect(parseConfiguration(text).problems).toContainEqual(
      expect.objectContaining({ message, position: { line, column } }),
    )
  })

  test('may have comments, trailing commas and a byte order mark', () => {
    const { content, problems } = parseConfiguration('\uFEFF// all\n{ "a": [1, 2,], /* b */ "b": {}, }')
    expect(problems).toEqual([])
    expect(content).toEqual({ a: [1, 2], b: {} })
  })

  test('tells every mistake in one pass, and quotes nothing of it', () => {
    const { problems } = parseConfiguration('{\n "a": s3cret,\n "b" 1,\n "c": "\\q"\n}')
    expect(problems.map(({ position }) => position?.line)).toEqual(expect.arrayContaining([2, 3, 4]))
    expect(JSON.stringify(problems)).not.toContain('s3cret')
  })

  test('that is nested without end is refused, not followed', () => {
    const { problems } = parseConfiguration('['.repeat(100_000))
    expect(problems).toEqual([
      { path: '', message: 'is nested more than 1,000 levels deep, which is the limit: flatten it' },
    ])
  })

  test('says which numbers JavaScript would change, with their place', () => {
    const { problems } = parseConfiguration(
      '{\n "settings": { // the account\n  "account": 12345678901234567890, "n": [1, 1e999] } }',
    )
    expect(problems).toMatchObject([
      {
        path: 'settings.n[1]',
        message: expect.stringContaining('as a string'),
        position: { line: 3, column: 45 },
      },
      { path: 'settings.account', position: { line: 3, column: 14 } },
    ])
  })

  test('of many levels is read up to the limit', () => {
    const { problems } = parseConfiguration(`${'['.repeat(1_000)}${']'.repeat(1_000)}`)
    expect(problems).toEqual([])
  })

  test('reads all JSON as JSON.parse does, whatever its layout', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        fc.pre(isPlain(text))
        expect(parseConfiguration(text)).toMatchObject({ content: JSON.parse(text), problems: [] })
      }),
    )
  })

  test('finds the place of a path, also where names hold dots, or the innermost part that is there', () => {
    const text = '{\n "connections": [\n  { "mapping": {\n    "a.b": 1,\n    "a": { "b": 2 } } }\n ]\n}'
    const { locate } = parseConfiguration(text)
    expect(locate('connections[0].mapping.a.b')).toEqual({ line: 4, column: 12 })
    expect(locate('connections[0].mapping.a')).toEqual({ line: 5, column: 10 })
    expect(locate('connections[0].settings.key')).toEqual({ line: 3, column: 3 })
    expect(locate('connections[7]')).toEqual({ line: 2, column: 17 })
    expect(locate('')).toEqual({ line: 1, column: 1 })
  })
})
