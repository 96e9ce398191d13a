import { substituteEnvironment } from '../../../../src/cli/configuration/substitute-environment'
import { nearest } from '../../../../src/nearest'

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
