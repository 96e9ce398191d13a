import {
  arrayPath,
  changeCase,
  defineAction,
  defineDestination,
  defineSettings,
  excludeWhenNull,
  firstOf,
  flatten,
  json,
  liquid,
  literal,
  merge,
  path,
  replace,
  template,
  transform,
} from 'waybill'
import {
  type ActionManifest,
  describeDestination,
  destinationPage,
  type FieldManifest,
  fieldSection,
  fillSection,
} from 'waybill/manifest'

const settings = defineSettings({
  token: { label: 'Token', description: 'Secret | kept', type: 'password', required: true },
})

/** A destination with one action that has one field with this default. */
const withDefault = (value: unknown) =>
  defineDestination({
    name: 'Acme',
    slug: 'acme',
    settings,
    authentication: { scheme: 'custom' },
    actions: {
      send: defineAction({
        settings,
        title: 'Send',
        description: 'Send it.',
        fields: { it: { label: 'It', description: 'It.', type: 'object', default: value as object } },
        perform: () => undefined,
      }),
    },
  })

test.each([
  [path('$.event'), '`$.event`'],
  [path('$.'), 'the whole event'],
  [template('Hi {{traits.name}}'), 'the text `Hi {{traits.name}}`'],
  [liquid('{{ a | upcase }}'), 'the Liquid template `{{ a \\| upcase }}`'],
  [firstOf('$.userId', '$.anonymousId', 'nobody'), '`$.userId`, else `$.anonymousId`, else `nobody`'],
  [
    { '@if': { blank: path('$.a'), then: path('$.b'), else: path('$.c') } },
    'if `$.a` is there, `$.b`, else `$.c`',
  ],
  [{ '@if': { exists: path('$.a'), then: 'yes' } }, 'if `$.a` is there, `yes`'],
  [{ '@if': { exists: path('$.a'), else: 'no' } }, 'if `$.a` is there, nothing, else `no`'],
  [literal('{{no}}'), '`"{{no}}"`'],
  [changeCase('lower', path('$.a')), '`$.a` in lower case'],
  [replace(path('$.a'), '-', '_'), '`$.a` with `-` replaced by `_`'],
  [json('encode', path('$.a')), '`$.a` as JSON text'],
  [json('decode', path('$.a')), '`$.a` read as JSON'],
  [merge([path('$.a'), path('$.b')]), '`$.a` and `$.b` joined, the last of a name counts'],
  [flatten(path('$.a'), '.'), '`$.a` in one level, keys joined by `.`'],
  [transform(path('$.a'), { b: path('$.c') }), 'of `$.a`: b: `$.c`'],
  [excludeWhenNull(path('$.a')), '`$.a`, left out when null'],
  [
    arrayPath('$.properties.products', { id: path('$.sku') }),
    'for each of `$.properties.products`: id: `$.sku`',
  ],
  [{ a: { b: path('$.c'), d: 1 }, e: true }, 'a.b: `$.c`<br>a.d: `1`<br>e: `true`'],
  ['a `b` c', '``a `b` c``'],
  ['', '(empty text)'],
  [[], 'an empty list'],
  [{}, 'an empty object'],
  [['x', 2], '`x`; `2`'],
])('the default %j reads: %s', (value, words) => {
  const page = destinationPage('acme', describeDestination(withDefault(value)), {})
  expect(page).toContain(`| \`it\` | object | ${words} | **It**. It. |`)
})

test('cells keep their bounds, and empty columns are left out', () => {
  const page = destinationPage('acme', describeDestination(withDefault('x')), {})
  expect(page).toContain('| setting | type | required | meaning |\n|---|---|---|---|\n')
  expect(page).toContain('| `token` | password | yes | **Token**. Secret \\| kept. |')
})

test('a README tells once what three actions share, and else what is of each', () => {
  const { send } = describeDestination(withDefault(path('$.a'))).actions as Record<string, ActionManifest>
  const own = { ...(send as ActionManifest).fields.it, description: 'Another.' } as FieldManifest
  const actions = {
    one: send,
    two: send,
    three: { ...send, fields: { more: own, ...send?.fields } },
    four: { ...send, fields: { it: own } },
  } as Record<string, ActionManifest>
  const section = fieldSection({ ...describeDestination(withDefault('x')), actions })
  expect(section).toContain('### Send (`one`)\n\nSend it.\n\nShared fields: `it`.\n\n### Send (`two`)')
  expect(section).toMatch(
    /\(`three`\)\n\nSend it\.\n\n.*\n.*\n\| `more` .* Another\. \|\n\nShared fields: `it`\./,
  )
  expect(section).toMatch(/\(`four`\)\n\nSend it\.\n\n.*\n.*\n\| `it` .* Another\. \|\n\n### Shared fields/)
  expect(section).toMatch(
    /### Shared fields\n\n.*\n.*\n\| `it` \| object \| `\$\.a` \| \*\*It\*\*\. It\. \|\n$/,
  )
})

test('only the section between the marks of a README is written', () => {
  const readme = 'before\n<!-- waybill:fields -->\nold\n<!-- /waybill:fields -->\nafter\n'
  const filled = fillSection(readme, 'new\n') as string
  expect(filled).toBe('before\n<!-- waybill:fields -->\n\nnew\n\n<!-- /waybill:fields -->\nafter\n')
  expect(fillSection(filled, 'new\n')).toBe(filled)
  expect(fillSection('no marks', 'new')).toBeUndefined()
})
