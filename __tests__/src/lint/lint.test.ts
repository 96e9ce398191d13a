import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, type LintInput, type LintRule, lint, lintRules } from 'waybill'
import { listDestinations, loadDestination } from 'waybill/destinations'

type Definition = NonNullable<LintInput['destinations']>[number]

const perform = () => undefined
const text = (more: object = {}) => ({ label: 'Text', description: '', type: 'string', ...more })
const path = (to: string) => ({ '@path': to })
const destination = (change: object = {}, action: object = {}, fields: object = {}): Definition =>
  ({
    name: 'Acme',
    slug: 'acme',
    mode: 'cloud',
    actions: {
      track: {
        title: 'Track',
        description: '',
        fields: { name: text({ required: true, default: path('$.event') }), ...fields },
        perform,
        ...action,
      },
    },
    ...change,
  }) as unknown as Definition
const preset = (change: object = {}) => ({
  presets: [
    { name: 'Track', type: 'automatic', partnerAction: 'track', subscribe: 'type = "track"', ...change },
  ],
})
const subscribed = (subscription: object, definition = destination()): LintInput => ({
  connections: [
    {
      destination: definition,
      subscriptions: [{ action: 'track', filter: 'type = "track"', ...subscription }],
    },
  ],
})
const withFields = (fields: object): LintInput => ({ destinations: [destination({}, {}, fields)] })
const mapped = (mapping: object): LintInput =>
  subscribed({ mapping: { name: 'x', ...mapping } }, destination({}, {}, { other: text() }))

const at = 'connections[0].subscriptions[0]'
/** One example of each thing that is found: the rule, the place, what the message has to say. */
const examples: [LintRule, LintInput, string, RegExp][] = [
  [
    'invalid-definition',
    { destinations: [destination({}, { perform: 5 })] },
    'acme.actions.track.perform',
    /a function/,
  ],
  [
    'unused-preset',
    { destinations: [destination(preset({ partnerAction: 'trak' }))] },
    'acme.presets[0].partnerAction',
    /did you mean "track"\?/,
  ],
  [
    'unmatched-path',
    mapped({ other: { '@path': "$.properties['a.b]" } }),
    `${at}.mapping.other.@path`,
    /not closed/,
  ],
  ['unquoted-value', subscribed({ filter: 'type = track' }), `${at}.filter`, /quote it: "track"/],
  ['unknown-action', subscribed({ action: 'trakc' }), `${at}.action`, /did you mean "track"\?/],
  [
    'unknown-field',
    { destinations: [destination(preset({ mapping: { nane: 'x' } }))] },
    'acme.presets[0].mapping.nane',
    /did you mean "name"\?/,
  ],
  ['unknown-field', mapped({ nothing: 'x' }), `${at}.mapping.nothing`, /there are name, other/],
  [
    'unknown-field',
    mapped({ batch_keys: ['name', 'othr'] }),
    `${at}.mapping.batch_keys[1]`,
    /did you mean "other"\?/,
  ],
  [
    'missing-required-field',
    { destinations: [destination(preset(), {}, { id: text({ required: true, label: 'Id' }) })] },
    'acme.presets[0].mapping.id',
    /the field "Id" is required/,
  ],
  ['missing-required-field', subscribed({ mapping: { name: '' } }), `${at}.mapping.name`, /map it/],
  [
    'mapping-never-fits',
    withFields({ kind: text({ choices: ['a', 'b'], default: 'c' }) }),
    'acme.actions.track.fields.kind.default',
    /one of "a", "b"/,
  ],
  [
    'mapping-never-fits',
    withFields({ size: text({ type: 'integer', default: 5.5 }) }),
    'acme.actions.track.fields.size.default',
    /an integer/,
  ],
  [
    'mapping-never-fits',
    withFields({
      size: text({ type: 'number', default: { '@case': { operator: 'upper', value: 'five' } } }),
    }),
    'acme.actions.track.fields.size.default',
    /a number/,
  ],
  [
    'mapping-never-fits',
    {
      destinations: [
        destination({
          authentication: { scheme: 'custom', fields: { port: text({ type: 'number', default: 'x' }) } },
        }),
      ],
    },
    'acme.authentication.fields.port.default',
    /a number/,
  ],
  ['mapping-never-fits', mapped({ other: [1, 2] }), `${at}.mapping.other`, /a string but it was an array/],
  [
    'invalid-mapping',
    mapped({ other: { '@pth': '$.event' } }),
    `${at}.mapping.other`,
    /invalid directive: @pth/,
  ],
  [
    'invalid-mapping',
    mapped({ other: ['x', { '@case': { operator: 'uper', value: 'x' } }] }),
    `${at}.mapping.other[1].@case.operator`,
    /one of upper, lower/,
  ],
  ['invalid-mapping', subscribed({ mapping: 5 }), `${at}.mapping`, /an object/],
  [
    'unused-option',
    mapped({ other: { '@if': { exists: path('$.event'), then: 'x', els: 'y' } } }),
    `${at}.mapping.other.@if.els`,
    /did you mean "else"\?/,
  ],
  [
    'mapping-differs',
    mapped({ other: { '@if': { exists: path('$.userId'), then: 'x', else: 0 } } }),
    `${at}.mapping.other`,
    /gives 0 by default and nothing in compatibility mode/,
  ],
  [
    'mapping-differs',
    mapped({ other: { '@template': '{{event.length}}' } }),
    `${at}.mapping.other`,
    /by default/,
  ],
  [
    'mapping-differs',
    mapped({ other: { '@json': { mode: 'ENCODE', value: path('$.properties') } } }),
    `${at}.mapping.other`,
    /in compatibility mode/,
  ],
  [
    'mapping-differs',
    mapped({
      other: {
        '@arrayPath': [
          '$.properties.products',
          { id: { '@if': { exists: path('$.id'), then: 1, else: false } } },
        ],
      },
    }),
    `${at}.mapping.other.@arrayPath[1].id`,
    /"products":\[/,
  ],
  [
    'field-differs',
    withFields({ size: text({ type: 'integer', minimum: 0, maximum: 9 }) }),
    'acme.actions.track.fields.size',
    /^maximum 9 of integer is not held/,
  ],
  [
    'field-differs',
    withFields({
      a: text({ required: { conditions: [{ fieldKey: 'name', operator: 'is', value: ['x', 'y'] }] } }),
    }),
    'acme.actions.track.fields.a.required.conditions[0]',
    /never holds in compatibility mode/,
  ],
  [
    'field-differs',
    withFields({
      a: text({
        type: 'object',
        properties: {
          id: text({ required: true }),
          b: text({ required: { conditions: [{ fieldKey: 'name', operator: 'is', value: 'x' }] } }),
        },
      }),
    }),
    'acme.actions.track.fields.a.properties.id.required',
    /not required, since "b"/,
  ],
  ['invalid-filter', subscribed({ filter: 'type = ' }), `${at}.filter`, /line 1, column 8/],
  ['invalid-filter', subscribed({ filter: '' }), `${at}.filter`, /give an FQL statement/],
  [
    'invalid-filter',
    { destinations: [destination({}, { defaultSubscription: 'type == "x"' })] },
    'acme.actions.track.defaultSubscription',
    /line 1/,
  ],
  [
    'filter-never-matches',
    { destinations: [destination(preset({ subscribe: 'type = "track" and type = "page"' }))] },
    'acme.presets[0].subscribe',
    /exclude each other/,
  ],
  [
    'filter-differs',
    subscribed({ filter: 'type = "track" and event = "B" or event = "A"' }),
    `${at}.filter`,
    /disagree on \{"type":"identify","event":"B"\}/,
  ],
  [
    'filter-differs',
    { connections: [{ destination: destination(), filter: "type = 'track'", subscriptions: [] }] },
    'connections[0].filter',
    /disagree on/,
  ],
  [
    'filter-differs',
    subscribed({ filter: 'length(event) > 3' }),
    `${at}.filter`,
    /compatibility mode cannot read the filter/,
  ],
  [
    'unknown-path',
    mapped({ other: path('$.contxt.ip') }),
    `${at}.mapping.other.@path`,
    /did you mean "context\.ip"\?/,
  ],
  [
    'unknown-path',
    mapped({ other: { '@template': 'x {{context.app.verison}}' } }),
    `${at}.mapping.other.@template`,
    /did you mean "context\.app\.version"\?/,
  ],
  [
    'unknown-path',
    mapped({ other: path('$.properties.orderId') }),
    `${at}.mapping.other.@path`,
    /did you mean "properties\.order_id"\?/,
  ],
  [
    'unknown-path',
    subscribed({ filter: 'type = "track" and contex.ip = "x"' }),
    `${at}.filter`,
    /did you mean "context\.ip"\?/,
  ],
]

test.each(examples)('%s is found', (rule, input, place, message) => {
  const findings = lint(input).filter((finding) => finding.rule === rule)
  expect(findings).toMatchObject([
    { rule, severity: lintRules[rule].severity, path: place, message: expect.stringMatching(message) },
  ])
})

test('there is an example of each rule, but for the one that no reasonable filter meets', () => {
  const shown = new Set(examples.map(([rule]) => rule))
  expect(Object.keys(lintRules).filter((rule) => !shown.has(rule as LintRule))).toEqual(['filter-undecided'])
})

test('a filter that cannot be decided says so', () => {
  const clauses = Array.from(
    { length: 14 },
    (_, index) =>
      `(contains(properties.p${index}, "a") or properties.p${(index + 1) % 14} != properties.p${(index + 5) % 14})`,
  )
  const findings = lint(subscribed({ filter: clauses.join(' and ') })).map(({ rule }) => rule)
  // What is found at once is told as what it is.
  expect(findings.every((rule) => rule === 'filter-undecided' || rule === 'filter-differs')).toBe(true)
  expect(findings).not.toEqual([])
})

test.each([
  [
    'values that events may or may not fit',
    { size: text({ type: 'number', default: path('$.properties.size') }) },
  ],
  [
    'a date, an address and a choice',
    {
      when: text({ type: 'datetime', default: path('$.timestamp') }),
      mail: text({ format: 'email', default: path('$.traits.email') }),
      kind: text({ choices: [{ label: 'A', value: 'a' }], default: path('$.properties.kind') }),
    },
  ],
  [
    'objects and lists',
    {
      products: text({
        type: 'object',
        multiple: true,
        properties: { id: text({ required: true }) },
        default: { '@arrayPath': ['$.properties.products', { id: path('$.product_id') }] },
      }),
    },
  ],
  ['names of your own', { plan: text({ default: path('$.properties.my_own.plan') }) }],
  [
    'two spellings of one name',
    {
      agent: text({
        default: {
          '@if': {
            exists: path('$.context.user_agent'),
            then: path('$.context.user_agent'),
            else: path('$.context.userAgent'),
          },
        },
      }),
    },
  ],
  ['a bound of 0', { size: text({ type: 'integer', minimum: 0, default: path('$.properties.size') }) }],
  [
    'an object of three properties that each ask for something else',
    {
      vehicle: text({
        type: 'object',
        properties: {
          year: text({ type: 'number' }),
          state: text({ choices: ['New', 'Used'] }),
          unit: text({ choices: ['Km', 'Mi'] }),
        },
        default: {
          year: path('$.properties.year'),
          state: path('$.properties.state'),
          unit: path('$.properties.unit'),
        },
      }),
    },
  ],
  [
    'a list of objects whose many properties each ask for something else',
    {
      items: text({
        type: 'object',
        multiple: true,
        properties: Object.fromEntries(
          ['number', 'boolean', 'integer', 'datetime'].flatMap((type) =>
            ['one', 'two', 'three'].map((name) => [`${type}_${name}`, text({ type })]),
          ),
        ),
        default: {
          '@arrayPath': [
            '$.properties.items',
            Object.fromEntries(
              ['number', 'boolean', 'integer', 'datetime'].flatMap((type) =>
                ['one', 'two', 'three'].map((name) => [`${type}_${name}`, path(`$.${type}_${name}`)]),
              ),
            ),
          ],
        },
      }),
    },
  ],
  [
    'bounds of what the runtime reads itself',
    { batch_size: text({ type: 'integer', minimum: 1, default: 10 }) },
  ],
])('nothing is found in a definition with %s', (_what, fields) => {
  expect(lint({ destinations: [destination(preset(), {}, fields)] })).toEqual([])
})

test('a preset for an event of Engage may lack what its user completes', () => {
  const presets = [
    { name: 'A', type: 'specificEvent', partnerAction: 'track', eventSlug: 'warehouse_entity_added_track' },
  ]
  expect(
    lint({ destinations: [destination({ presets }, {}, { id: text({ required: true, label: 'Id' }) })] }),
  ).toEqual([])
})

test('a cause is one finding: what presets repeat from the defaults or from each other is told once', () => {
  const wrong = { other: [1, 2] }
  const presets = [wrong, wrong, { other: { '@literal': 5 } }, wrong].map((mapping, index) => ({
    ...preset({ mapping }).presets[0],
    name: `preset ${index}`,
  }))
  expect(lint({ destinations: [destination({ presets }, {}, { other: text() })] })).toMatchObject([
    {
      rule: 'mapping-never-fits',
      path: 'acme.presets[0].mapping.other',
      message: expect.stringMatching(/\(the same in presets\[1\], presets\[3\]\)$/),
    },
  ])
  const repeated = destination({ presets }, {}, { other: text({ default: wrong.other }) })
  expect(lint({ destinations: [repeated] }).map(({ path: place }) => place)).toEqual([
    'acme.actions.track.fields.other.default',
  ])
})

test.each(listDestinations())('nothing is found in %s', (slug) => {
  expect(lint({ destinations: [loadDestination(slug)] })).toEqual([])
})

test('a witness is an event on which the modes disagree, and findings come once', () => {
  const subscription = { action: 'track', filter: 'type = "track" and event = "B" or event = "A"' }
  const connection = { destination: destination(), subscriptions: [subscription, subscription] }
  const findings: Finding[] = lint({ destinations: [connection.destination], connections: [connection] })
  expect(findings.map(({ path: place, witness }) => [place, witness])).toEqual([
    ['connections[0].subscriptions[0].filter', { type: 'identify', event: 'B' }],
    ['connections[0].subscriptions[1].filter', { type: 'identify', event: 'B' }],
  ])
})

test('a definition that is none at all is a finding, not an error', () => {
  expect(lint({ destinations: [5 as never, { name: 'x' } as never] })).toMatchObject([
    { rule: 'invalid-definition', path: 'destination' },
    { rule: 'invalid-definition', path: 'x.actions' },
  ])
})

test('the page of rules and the table of rules agree', () => {
  const page = readFileSync(join(__dirname, '../../../docs/lint.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (error|warning) \| (.+) \|$/gm)].map(
    ([, rule, severity, meaning]) => [rule, { severity, meaning }],
  )
  expect(Object.fromEntries(rows)).toEqual(lintRules)
})
