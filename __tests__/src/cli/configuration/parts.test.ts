import fc from 'fast-check'
import { locateJsonError } from '../../../../src/cli/configuration/locate-json-error'
import { substituteEnvironment } from '../../../../src/cli/configuration/substitute-environment'
import { nearest } from '../../../../src/nearest'

const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('the place where a text stops being JSON', () => {
  test.each([
    ['{"a" 1}', 1, 6],
    ['{\n "a": [1, 2,, 3]\n}', 2, 13],
    ['', 1, 1],
    ['{"a": "x\ny"}', 1, 7],
    ['[1, 2', 1, 6],
    ['{} x', 1, 4],
    ["{'a': 1}", 1, 2],
    ['[01]', 1, 3],
    ['// note\n{}', 1, 1],
  ])('%j is line %d, column %d', (text, line, column) => {
    expect(locateJsonError(text)).toEqual({ line, column })
  })

  test('is the end for every text that is JSON, whatever its layout', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const lines = text.split('\n')
        expect(locateJsonError(text)).toEqual({ line: lines.length, column: (lines.at(-1) ?? '').length + 1 })
      }),
    )
  })

  test('never lies behind the first character that no JSON text could have there', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, place) => {
        const at = place % (text.length + 1)
        const broken = `${text.slice(0, at)}\u0001${text.slice(at)}`
        fc.pre(!isJson(broken))
        const { line, column } = locateJsonError(broken)
        const offset =
          broken
            .split('\n')
            .slice(0, line - 1)
            .join('\n').length +
          (line > 1 ? 1 : 0) +
          column -
          1
        expect(offset).toBeLessThanOrEqual(at)
      }),
    )
  })
})

describe('substitution of the environment', () => {
  const environment = { NAME: 'value', QUOTED: `a"b\${NAME}` }
  const substitute = (value: unknown) => {
    const problems: string[] = []
    const result = substituteEnvironment(value, 'settings', environment, (path, message) =>
      problems.push(`${path}: ${message}`),
    )
    return { ...result, problems }
  }

  test('fills in texts at any depth, whole or in part, and tells what came from the environment', () => {
    expect(substitute({ a: `\${NAME}`, b: [`x-\${NAME}-\${NAME}`], c: 5, d: null, e: true })).toEqual({
      value: { a: 'value', b: ['x-value-value'], c: 5, d: null, e: true },
      secrets: ['value', 'value', 'value'],
      problems: [],
    })
  })

  test('takes a value as it is, whatever it holds', () => {
    expect(substitute(`\${QUOTED}`).value).toBe(`a"b\${NAME}`)
  })

  test('leaves an escaped reference and a lone dollar alone', () => {
    expect(substitute(`$\${NAME} costs $5 {NAME}`)).toMatchObject({
      value: `\${NAME} costs $5 {NAME}`,
      secrets: [],
    })
  })

  test('reports what is not set, with the place', () => {
    expect(substitute({ list: [{ key: `\${NO}` }] }).problems).toEqual([
      'settings.list[0].key: the environment variable NO is not set',
    ])
    expect(substitute(`\${not a name}`).problems[0]).toContain('is not a reference')
    expect(substitute(`\${constructor}`).problems[0]).toContain('not set')
  })
})

test('the nearest name is only given when it is near', () => {
  expect(nearest('subscribtions', ['subscriptions', 'settings'])).toBe('subscriptions')
  expect(nearest('APIKEY', ['apiKey'])).toBe('apiKey')
  expect(nearest('colour', ['name', 'filter'])).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
})
