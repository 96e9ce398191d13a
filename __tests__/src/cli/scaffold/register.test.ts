import { register } from '../../../../src/cli/scaffold/register'

const index = `import { defineDestination } from 'waybill'
import { alpha } from './actions/alpha'
import { omega } from './actions/omega'
import { settings } from './settings'

export const acme = defineDestination({
  settings,
  actions: {
    alpha,
    omega,
  },
})
`
const registration = (name: string) => ({ name, from: `./actions/${name}`, list: 'actions: {', entry: name })

test('an import goes to its place, an entry to the end of its list', () => {
  expect(register(index, registration('beta'))).toBe(
    index
      .replace('import { omega }', "import { beta } from './actions/beta'\nimport { omega }")
      .replace('    omega,\n', '    omega,\n    beta,\n'),
  )
})

test('an import that is later than all others goes behind them', () => {
  const changed = register(index, { ...registration('zeta'), from: './zeta' })
  expect(changed).toContain("import { settings } from './settings'\nimport { zeta } from './zeta'\n\n")
})

test('a list in one line gets a line for each entry', () => {
  const folded = index.replace(/actions: \{[^}]*\}/, 'actions: { alpha, omega }')
  expect(register(folded, registration('beta'))).toBe(register(index, registration('beta')))
})

test.each([
  ['a list of another kind', index.replace(/actions: \{[^}]*\}/, 'actions: allOf({ alpha, omega })')],
  ['two lists of the name', `${index}const more = {\n  actions: {\n  },\n}\n`],
  ['no import', 'export const acme = {\n  actions: {\n  },\n}\n'],
  ['a list without an end', "import { a } from './a'\nactions: {\n"],
])('a file with %s is left alone', (_, source) => {
  expect(register(source, registration('beta'))).toBeUndefined()
})
