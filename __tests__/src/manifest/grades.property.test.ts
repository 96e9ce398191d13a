import * as fc from 'fast-check'
import { createRuntime, type defineAction, defineDestination, literal } from 'waybill'
import { createManifest, diffManifests, type FieldManifest, type Grade } from 'waybill/manifest'
import { type Field, type Fields, randomFields } from '../pipeline/random-fields'

type Definition = Parameters<typeof createManifest>[0][number]

function acme(fields: Fields): Definition {
  return defineDestination({
    name: 'Acme',
    slug: 'acme',
    settings: { key: { label: 'Key', description: 'The key.', type: 'password', required: true } },
    authentication: { scheme: 'custom' },
    presets: [{ name: 'All', type: 'automatic', partnerAction: 'send', subscribe: 'type = "track"' }],
    actions: {
      send: {
        title: 'Send',
        description: 'Send it.',
        fields,
        perform: () => undefined,
      } as unknown as ReturnType<typeof defineAction>,
    },
  }) as Definition
}

const grades: readonly (Grade | undefined)[] = [undefined, 'patch', 'minor', 'major']
const worst = (some: readonly (Grade | undefined)[]) =>
  grades[Math.max(...some.map((grade) => grades.indexOf(grade)))]

const plain = (more: Partial<FieldManifest> = {}): FieldManifest => ({
  label: 'Fresh',
  description: 'Fresh.',
  type: 'string',
  ...more,
})
const choices = (...values: string[]) => values.map((value) => ({ value, label: value }))
const laterPreset = { name: 'More', type: 'automatic', action: 'send', filter: 'type = "page"' }

/** Edits whose grade is known: where, and what is put there (nothing: it is removed). Each has a place of its own. */
const edits: Record<string, readonly [Grade, string, unknown?]> = {
  'remove a field': ['major', 'actions.send.fields.toRemove'],
  'require a field': ['major', 'actions.send.fields.toRequire.required', true],
  'free a field': ['minor', 'actions.send.fields.toFree.required'],
  'add a field': ['minor', 'actions.send.fields.fresh', plain()],
  'add a required field': ['major', 'actions.send.fields.demanded', plain({ required: true, default: 'x' })],
  'remove a choice': ['major', 'actions.send.fields.toChoose.choices', choices('a')],
  'add a choice': ['minor', 'actions.send.fields.toOffer.choices', choices('a', 'b', 'c')],
  'shorten a text': ['major', 'actions.send.fields.toShorten.maximum', 4],
  'lengthen a text': ['minor', 'actions.send.fields.toLengthen.maximum', 9],
  'ask for a format': ['major', 'actions.send.fields.toFormat.format', 'email'],
  'change a type': ['major', 'actions.send.fields.toRetype.type', 'boolean'],
  'widen a type': ['minor', 'actions.send.fields.toWiden.type', 'number'],
  'change a default': ['major', 'actions.send.fields.toDefault.default', 'other'],
  'reword a field': ['patch', 'actions.send.fields.toReword.description', 'New.'],
  'require a setting': ['major', 'settings.region', plain({ required: true })],
  'add a setting': ['minor', 'settings.extra', plain()],
  'change a filter': ['major', 'presets.0.filter', 'type = "screen"'],
  'add a preset': ['minor', 'presets.1', laterPreset],
  'add an action': ['minor', 'actions.more', { title: 'More', description: 'More.', fields: {} }],
  'retitle an action': ['patch', 'actions.send.title', 'Post'],
  'lose the order': ['major', 'ordering'],
}

/** Puts a value into nested objects and lists, or removes what is there. */
function put(target: object, path: string, value: unknown): void {
  const [head = '', ...rest] = path.split('.')
  const members = target as Record<string, unknown>
  if (rest.length > 0) put(members[head] as object, rest.join('.'), value)
  else if (value === undefined) delete members[head]
  else members[head] = value
}

const targets: Fields = {
  toRemove: { ...plain() },
  toRequire: { ...plain() },
  toFree: { ...plain({ required: true }) },
  toChoose: { ...plain(), choices: ['a', 'b'] },
  toOffer: { ...plain(), choices: ['a', 'b'] },
  toShorten: { ...plain({ maximum: 5 }) },
  toLengthen: { ...plain({ maximum: 5 }) },
  toFormat: { ...plain() },
  toRetype: { ...plain() },
  toWiden: { ...plain({ type: 'integer' }) },
  toDefault: { ...plain({ default: 'some' }) },
  toReword: { ...plain() },
}

test('edits of a random manifest are graded as they are known to be, and the gravest decides', () => {
  const chosen = fc.subarray(Object.keys(edits))
  fc.assert(
    fc.property(randomFields(), chosen, (fields, names) => {
      const before = createManifest([{ ...acme({ ...fields, ...targets }), ordering: 'user' }])
      const after = structuredClone(before)
      const made = names.map((name) => edits[name] as (typeof edits)[string])
      for (const [, path, value] of made) put(after.destinations.acme as object, path, value)
      const { grade, changes } = diffManifests(before, after)
      expect(grade).toBe(worst(made.map(([known]) => known)))
      expect(changes.map((change) => change.grade).sort()).toEqual(made.map(([known]) => known).sort())
    }),
    { numRuns: process.env.WAYBILL_LONG ? 10_000 : 300 },
  )
})

/** No lists of one: whether those are taken for their item depends on Ajv's order of coercions. */
const values = fc.oneof(
  fc.constantFrom<unknown>(
    'x',
    'Abc',
    '5',
    '',
    'a@example.com',
    'https://example.com/',
    '2026-01-15',
    true,
    5,
    1.5,
    0,
    null,
  ),
  fc.constantFrom<unknown>(['x', 'y'], [], [{ a: 1 }, { a: 2 }], { a: 'x' }, { a: 'x', b: 5 }, { z: 1 }, {}),
)
const storedMapping = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'list'), values, {
  noNullPrototype: true,
})

/** Members of a definition are taken from another, one by one: small steps, as a new version makes them. */
const twoVersions = fc
  .tuple(
    randomFields(),
    randomFields(),
    fc.subarray(
      [
        'type',
        'multiple',
        'allowNull',
        'required',
        'choices',
        'format',
        'minimum',
        'maximum',
        'properties',
        'additionalProperties',
      ],
      { minLength: 1, maxLength: 2 },
    ),
    fc.subarray(['a', 'b', 'c', 'd', 'list'], { minLength: 1, maxLength: 4 }),
    fc.constantFrom('members', 'add', 'remove'),
  )
  .map(([before, other, members, keys, how]) => {
    const after: Fields = structuredClone(before)
    for (const key of keys) {
      const source = other[key] ?? Object.values(other)[0]
      if (how === 'remove') delete after[key]
      else if (how === 'add') after[key] ??= source as Field
      else if (after[key] !== undefined) after[key] = withMembers(after[key], source as Field, members)
    }
    return { before, after }
  })

function withMembers(to: Field, from: Field, members: readonly string[]): Field {
  const result: Field = { ...to }
  for (const member of members) {
    if (from[member] === undefined) delete result[member]
    else result[member] = from[member]
  }
  return result
}

/** How a subscription that was stored with a mapping fares: delivered, or anything else. */
async function fares(fields: Fields, mapping: Record<string, unknown>): Promise<'delivered' | 'refused'> {
  try {
    const runtime = createRuntime({
      connections: [
        {
          destination: acme(fields),
          settings: { key: 'k' },
          subscriptions: [
            {
              action: 'send',
              filter: 'type = "track"',
              mapping: Object.fromEntries(
                Object.entries(mapping).map(([key, value]) => [key, literal(value as never)]),
              ),
            },
          ],
        },
      ],
    })
    const [outcome] = await runtime.send([{ type: 'track', messageId: 'm', event: 'E' }])
    await runtime.close()
    return outcome?.kind === 'delivered' ? 'delivered' : 'refused'
  } catch {
    return 'refused'
  }
}

test('what the runtime delivered before and refuses now is never graded less than major', async () => {
  let broken = 0
  await fc.assert(
    fc.asyncProperty(twoVersions, storedMapping, async ({ before, after }, mapping) => {
      const known = Object.fromEntries(Object.entries(mapping).filter(([key]) => key in before))
      if ((await fares(before, known)) === 'refused' || (await fares(after, known)) === 'delivered') return
      broken += 1
      const { grade } = diffManifests(createManifest([acme(before)]), createManifest([acme(after)]))
      expect(grade).toBe('major')
    }),
    { numRuns: process.env.WAYBILL_LONG ? 50_000 : 2_000 },
  )
  expect(broken).toBeGreaterThan(40)
}, 600_000)
