import { listDestinations, loadDestination } from 'waybill/destinations'
import {
  type ActionManifest,
  createManifest,
  type DestinationManifest,
  diffManifests,
  type FieldManifest,
  type Manifest,
  type PresetManifest,
} from 'waybill/manifest'

const field = (more: Partial<FieldManifest> = {}): FieldManifest => ({
  label: 'It',
  description: 'It.',
  type: 'string',
  ...more,
})
const action = (more: Partial<ActionManifest> = {}): ActionManifest => ({
  title: 'Send',
  description: 'Send it.',
  fields: {},
  ...more,
})
const preset = (more: Partial<PresetManifest> = {}): PresetManifest => ({
  name: 'All',
  type: 'automatic',
  action: 'send',
  filter: 'type = "track"',
  ...more,
})
const destination = (more: Partial<DestinationManifest> = {}): DestinationManifest => ({
  name: 'Acme',
  authentication: 'custom',
  settings: {},
  presets: [],
  actions: {},
  ...more,
})
const manifest = (destinations: Record<string, DestinationManifest>): Manifest => ({
  version: 1,
  destinations,
})

const lines = (before: Manifest, after: Manifest): string[] =>
  diffManifests(before, after).changes.map(({ grade, path, message }) => `${grade} ${path}: ${message}`)

const ofDestination = (before: Partial<DestinationManifest>, after: Partial<DestinationManifest>) =>
  lines(manifest({ acme: destination(before) }), manifest({ acme: destination(after) }))
const ofAction = (before: Partial<ActionManifest>, after: Partial<ActionManifest>) =>
  ofDestination({ actions: { send: action(before) } }, { actions: { send: action(after) } })
const ofField = (before: Partial<FieldManifest>, after: Partial<FieldManifest>) =>
  ofAction({ fields: { it: field(before) } }, { fields: { it: field(after) } })
const ofSetting = (before: Partial<FieldManifest>, after: Partial<FieldManifest>) =>
  ofDestination({ settings: { it: field(before) } }, { settings: { it: field(after) } })

const choices = (...values: string[]) => values.map((value) => ({ value, label: value.toUpperCase() }))
const when = { conditions: [{ fieldKey: 'a', operator: 'is', value: 1 }] }

const fieldCases: [Partial<FieldManifest>, Partial<FieldManifest>, string][] = [
  [{}, { required: true }, 'major: it is required now: mappings without it are refused'],
  [{}, { required: when }, 'major: it is required under other conditions: mappings without it are refused'],
  [{ required: true }, {}, 'minor: it is no longer required'],
  [{ required: true }, { required: when }, 'minor: it is required under conditions only'],
  [{ required: when }, { required: true }, 'major: it is required now: mappings without it are refused'],
  [{}, { type: 'number' }, 'major: the type string became number: values may be refused'],
  [{}, { type: 'text' }, 'minor: the type string became text'],
  [{ type: 'integer' }, { type: 'number' }, 'minor: the type integer became number'],
  [{ type: 'number' }, { type: 'integer' }, 'major: the type number became integer: values may be refused'],
  [{}, { multiple: true }, 'minor: it takes a list now'],
  [{ type: 'object' }, { type: 'object', multiple: true }, 'major: it takes a list now'],
  [{ multiple: true }, {}, 'major: it takes one value only: longer lists are refused'],
  [{}, { allowNull: true }, 'minor: it takes null'],
  [{ allowNull: true }, {}, 'major: null is refused'],
  [{}, { format: 'email' }, 'major: the format email is asked for: other values are refused'],
  [{ format: 'uri' }, { format: 'email' }, 'major: the format email is asked for: other values are refused'],
  [{ format: 'email' }, {}, 'minor: the format email is no longer asked for'],
  [{}, { maximum: 5 }, 'major: the greatest length is 5, was not limited: values may be refused'],
  [{ maximum: 5 }, { maximum: 4 }, 'major: the greatest length is 4, was 5: values may be refused'],
  [{ maximum: 5 }, { maximum: 6 }, 'minor: the greatest length is 6, was 5'],
  [{ maximum: 5 }, {}, 'minor: there is no greatest length any more'],
  [
    { type: 'number', minimum: 1 },
    { type: 'number', minimum: 2 },
    'major: the least value is 2, was 1: values may be refused',
  ],
  [{ type: 'number', minimum: 2 }, { type: 'number', minimum: 1 }, 'minor: the least value is 1, was 2'],
  [
    { choices: choices('a', 'b') },
    { choices: choices('a') },
    'major: the choice "b" is gone: mappings that hold it are refused',
  ],
  [{ choices: choices('a') }, { choices: choices('a', 'b') }, 'minor: the choice "b" is new'],
  [{}, { choices: choices('a') }, 'major: it takes choices only: other values are refused'],
  [{ choices: choices('a') }, {}, 'minor: it takes any value, no longer choices only'],
  [
    { choices: choices('a') },
    { choices: [{ value: 'a', label: 'Ah' }] },
    'patch: the label of the choice "a" changed',
  ],
  [
    { default: 1 },
    { default: 2 },
    'major: the default is 2, was 1: it changes for presets and subscriptions without a mapping',
  ],
  [
    {},
    { default: { '@path': '$.a' } },
    'major: the default is {"@path":"$.a"}, was nothing: it changes for presets and subscriptions without a mapping',
  ],
  [
    { type: 'object' },
    { type: 'object', properties: {} },
    'major: its members are prescribed: others are refused',
  ],
  [{ type: 'object', properties: {} }, { type: 'object' }, 'minor: its members are no longer prescribed'],
  [
    { type: 'object', properties: {}, additionalProperties: true },
    { type: 'object', properties: {} },
    'major: it takes the named members only',
  ],
  [
    { type: 'object', properties: {} },
    { type: 'object', properties: {}, additionalProperties: true },
    'minor: it takes further members',
  ],
  [{}, { label: 'That' }, 'patch: the label changed'],
  [{}, { description: 'That.' }, 'patch: the description changed'],
  [{}, { hidden: true }, 'patch: it is hidden'],
  [{}, { dynamic: true }, 'patch: choices are fetched'],
]

test.each(fieldCases)('a field %j that becomes %j is %s', (before, after, line) => {
  const [grade, ...message] = line.split(': ')
  expect(ofField(before, after)).toEqual([`${grade} acme.actions.send.fields.it: ${message.join(': ')}`])
  expect(ofField(before, before)).toEqual([])
})

test('members of a field are compared as fields are', () => {
  const before = { type: 'object', properties: { a: field(), b: field({ required: true }) } }
  const after = { type: 'object', properties: { b: field({ required: true, maximum: 3 }), c: field() } }
  expect(ofField(before, after)).toEqual([
    'major acme.actions.send.fields.it.properties.a: it is gone: mappings that hold it are refused',
    'major acme.actions.send.fields.it.properties.b: the greatest length is 3, was not limited: values may be refused',
    'minor acme.actions.send.fields.it.properties.c: it is new',
  ])
})

test('a new field breaks mappings where it is required, and a default does not help them', () => {
  const added = (more: Partial<FieldManifest>) => ofAction({}, { fields: { it: field(more) } })
  expect(added({})).toEqual(['minor acme.actions.send.fields.it: it is new'])
  expect(added({ default: 1 })).toEqual(['minor acme.actions.send.fields.it: it is new, with a default'])
  expect(added({ required: true, default: 1 })).toEqual([
    'major acme.actions.send.fields.it: it is new and required: mappings without it are refused',
  ])
})

test('a required setting breaks configurations unless its default fills it', () => {
  const added = (more: Partial<FieldManifest>) => ofDestination({}, { settings: { it: field(more) } })
  expect(added({ required: true })).toEqual([
    'major acme.settings.it: it is new and required: settings without it are refused',
  ])
  expect(added({ required: true, default: 'a' })).toEqual([
    'minor acme.settings.it: it is new, with a default',
  ])
  expect(ofSetting({ default: 'a' }, { default: 'a', required: true })).toEqual([
    'minor acme.settings.it: it is required now, and has a default',
  ])
  expect(ofSetting({ default: 'a' }, { default: 'b' })).toEqual([
    'major acme.settings.it: the default is "b", was "a": it changes for connections that do not set it',
  ])
})

test('actions', () => {
  expect(ofDestination({ actions: { a: action() } }, { actions: { b: action() } })).toEqual([
    'major acme.actions.a: it is gone: subscriptions that use it are refused',
    'minor acme.actions.b: it is new',
  ])
  expect(
    ofAction(
      { batch: true, defaultSubscription: 'type = "track"' },
      { title: 'Post', description: 'Post it.', defaultSubscription: 'type = "page"', hidden: true },
    ),
  ).toEqual([
    'patch acme.actions.send: the title changed',
    'patch acme.actions.send: the description changed',
    'minor acme.actions.send: new subscriptions begin with the filter "type = \\"page\\""',
    'minor acme.actions.send: events no longer travel together',
    'patch acme.actions.send: it is hidden',
  ])
  const syncMode = { default: 'add', choices: choices('add', 'delete') }
  expect(ofAction({}, { syncMode })).toEqual([
    'major acme.actions.send: it asks for a sync mode: mappings have none',
  ])
  expect(ofAction({ syncMode }, { syncMode: { default: 'delete', choices: choices('delete') } })).toEqual([
    'major acme.actions.send: the choice "add" is gone: mappings that hold it are refused',
    'minor acme.actions.send: the sync mode of new mappings is delete, was add',
  ])
})

test('presets', () => {
  const change = (before: Partial<PresetManifest>, after: Partial<PresetManifest>) =>
    ofDestination({ presets: [preset(before)] }, { presets: [preset(after)] })
  expect(change({}, { filter: 'type="track"' })).toEqual([
    'patch acme.presets.All: the filter is written in another way',
  ])
  expect(change({ filter: 'event = "a  b"' }, { filter: 'event = "a b"' })).toEqual([
    'major acme.presets.All: the filter is "event = \\"a b\\"", was "event = \\"a  b\\"": other events are sent',
  ])
  expect(change({}, { action: 'post' })).toEqual(['major acme.presets.All: the action is post, was send'])
  expect(change({}, { mapping: { a: 1 } })).toEqual([
    'major acme.presets.All: the mapping changed: something else is sent',
  ])
  expect(change({ mapping: { a: 1, b: 2 } }, { mapping: { b: 2, a: 1 } })).toEqual([])
  expect(change({}, { name: 'Every' })).toEqual([
    'minor acme.presets.All: it is called "Every": reports use the new name',
  ])
  expect(change({ type: 'specificEvent' }, { type: 'specificEvent', filter: 'warehouse' })).toEqual([
    'minor acme.presets.All: the filter is "warehouse", was "type = \\"track\\"": other events are sent',
  ])
  expect(ofDestination({ presets: [preset()] }, {})).toEqual([
    'major acme.presets.All: it is gone: connections that use presets no longer send its events',
  ])
  expect(ofDestination({}, { presets: [preset()] })).toEqual([
    'minor acme.presets.All: it is new: connections that use presets begin to send its events',
  ])
})

test('destinations', () => {
  const acme = destination({ actions: { send: action() } })
  expect(lines(manifest({ acme }), manifest({ 'acme-mail': acme }))).toEqual([
    'major acme: its slug is acme-mail now: configurations that name it are refused',
  ])
  expect(lines(manifest({ acme }), manifest({ other: destination({ name: 'Other' }) }))).toEqual([
    'major acme: it is gone: configurations that name it are refused',
    'minor other: it is new',
  ])
  expect(ofDestination({}, { name: 'Acme 2' })).toEqual([
    'major acme: the name is "Acme 2", was "Acme": integrations objects that use it have no effect',
  ])
  expect(ofDestination({}, { name: 'Acme 2', integrationNames: ['Acme'] })).toEqual([
    'minor acme: the name is "Acme 2", was "Acme"',
  ])
  expect(ofDestination({ integrationNames: ['A'] }, { integrationNames: ['B'] })).toEqual([
    'major acme: integrations objects no longer know it as "A"',
    'minor acme: integrations objects may call it "B"',
  ])
  expect(
    ofDestination(
      { ordering: 'user', idempotent: true, deletesUsers: true, testsAuthentication: true },
      { authentication: 'oauth2', limits: { concurrency: 2 }, description: 'New.' },
    ),
  ).toEqual([
    'major acme: the authentication custom became oauth2',
    'major acme: events of one person no longer keep their order',
    'major acme: what got no answer is not sent again',
    'major acme: users can no longer be deleted',
    'minor acme: credentials can no longer be tested',
    'minor acme: the limits are {"concurrency":2}, were nothing',
    'patch acme: the description changed',
  ])
})

test('the gravest change decides, and the catalog does not differ from itself', () => {
  const catalog = createManifest(listDestinations().map((slug) => loadDestination(slug)))
  expect(diffManifests(catalog, catalog)).toEqual({ grade: undefined, changes: [] })
  const before = manifest({ acme: destination({ settings: { a: field(), b: field() } }) })
  const gradeOf = (settings: DestinationManifest['settings']) =>
    diffManifests(before, manifest({ acme: destination({ settings }) })).grade
  expect(gradeOf({ a: field({ label: 'A' }), b: field() })).toBe('patch')
  expect(gradeOf({ a: field({ label: 'A' }), b: field(), c: field() })).toBe('minor')
  expect(gradeOf({ a: field({ label: 'A' }), c: field() })).toBe('major')
})
