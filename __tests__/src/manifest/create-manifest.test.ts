import { defineAction, defineDestination, defineSettings, path } from 'waybill'
import { listDestinations, loadDestination } from 'waybill/destinations'
import { createManifest, describeDestination, manifestText, readManifest, slugOf } from 'waybill/manifest'

const settings = defineSettings({
  key: { label: 'Key', description: 'The key.', type: 'password', required: true },
  size: { label: 'Size', description: 'A size.', type: 'number', default: 3, required: false },
})

const note = defineAction({
  settings,
  title: 'Write Note',
  description: 'Write it down.',
  defaultSubscription: 'type = "track"',
  fields: {
    text: { label: 'Text', description: 'It.', type: 'string', required: true, default: path('$.event') },
    color: { label: 'Color', description: 'Of ink.', type: 'string', choices: ['red', 'blue'] },
    people: {
      label: 'People',
      description: 'Who reads it.',
      type: 'object',
      multiple: true,
      additionalProperties: true,
      properties: { mail: { label: 'Mail', type: 'string', format: 'email', required: true } },
    },
    shade: {
      label: 'Shade',
      description: 'Of color.',
      type: 'integer',
      minimum: 0,
      maximum: 9,
      allowNull: true,
      unsafe_hidden: true,
      required: { conditions: [{ fieldKey: 'color', operator: 'is', value: 'red' }] },
    },
  },
  perform: () => undefined,
  performBatch: () => undefined,
})

const notes = defineDestination({
  name: 'Notes',
  slug: 'notes',
  settings,
  authentication: { scheme: 'custom', testAuthentication: () => undefined },
  ordering: 'user',
  presets: [
    {
      name: 'All',
      type: 'automatic',
      partnerAction: 'note',
      subscribe: 'type = "track"',
      mapping: { color: 'red' },
    },
  ],
  actions: { note },
})

test('a manifest holds everything of a definition that is data, and leaves out what says nothing', () => {
  expect(describeDestination(notes)).toEqual({
    name: 'Notes',
    authentication: 'custom',
    ordering: 'user',
    testsAuthentication: true,
    settings: {
      key: { label: 'Key', description: 'The key.', type: 'password', required: true },
      size: { label: 'Size', description: 'A size.', type: 'number', default: 3 },
    },
    presets: [
      {
        name: 'All',
        type: 'automatic',
        action: 'note',
        filter: 'type = "track"',
        mapping: { color: 'red' },
      },
    ],
    actions: {
      note: {
        title: 'Write Note',
        description: 'Write it down.',
        defaultSubscription: 'type = "track"',
        batch: true,
        fields: {
          text: {
            label: 'Text',
            description: 'It.',
            type: 'string',
            required: true,
            default: { '@path': '$.event' },
          },
          color: {
            label: 'Color',
            description: 'Of ink.',
            type: 'string',
            choices: [
              { value: 'red', label: 'red' },
              { value: 'blue', label: 'blue' },
            ],
          },
          people: {
            label: 'People',
            description: 'Who reads it.',
            type: 'object',
            multiple: true,
            additionalProperties: true,
            properties: {
              mail: { label: 'Mail', description: '', type: 'string', format: 'email', required: true },
            },
          },
          shade: {
            label: 'Shade',
            description: 'Of color.',
            type: 'integer',
            minimum: 0,
            maximum: 9,
            allowNull: true,
            hidden: true,
            required: { conditions: [{ fieldKey: 'color', operator: 'is', value: 'red' }] },
          },
        },
      },
    },
  })
})

test.each(listDestinations())('the manifest of %s survives its file', (slug) => {
  const manifest = createManifest([loadDestination(slug)])
  expect(readManifest(manifestText(manifest))).toEqual(manifest)
})

test('the order in which definitions are given does not matter', () => {
  const other = { ...notes, slug: 'archive' }
  expect(manifestText(createManifest([notes, other]))).toBe(manifestText(createManifest([other, notes])))
})

test('a definition of the reference has no slug of its own; its name gives one', () => {
  const { slug: _slug, ...plain } = notes
  expect(slugOf({ ...plain, name: 'Notes & More (Beta)' })).toBe('notes-more-beta')
})

test('two destinations with one slug are refused, and so is what is no definition', () => {
  expect(() => createManifest([notes, notes])).toThrow('two destinations have the slug "notes"')
  expect(() => createManifest([{} as never])).toThrow('the destination cannot be used')
})

test.each([
  ['{', 'not JSON'],
  ['[]', 'no manifest; `waybill manifest` writes one'],
  ['{"destinations":{}}', 'this is version undefined of the format'],
  ['{"version":2,"destinations":{}}', 'this is version 2 of the format, and only 1 is known'],
  ['{"version":1,"destinations":[]}', 'destinations: expected an object, got a list'],
  ['{"version":1,"destinations":{"a":{}}}', 'destinations.a.name: expected a text, got nothing'],
])('the file %s is refused: %s', (content, message) => {
  expect(() => readManifest(content)).toThrow(message)
})

test('a fault deep in a file is named by its path', () => {
  const manifest = JSON.parse(manifestText(createManifest([notes])))
  manifest.destinations.notes.actions.note.fields.people.properties.mail.type = 7
  expect(() => readManifest(JSON.stringify(manifest))).toThrow(
    'destinations.notes.actions.note.fields.people.properties.mail.type: expected a text, got a value of type number',
  )
})
