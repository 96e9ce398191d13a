import type { ChoiceManifest, FieldManifest, FieldsManifest } from '../manifest'
import { at, type Change, type Finding, isSame, major, minor, patch, shown, switched, words } from './change'
import { compareRecords } from './compare-records'

/** Defaults fill the settings of a connection at every start; a stored mapping has what it was stored with. */
type Kind = 'setting' | 'field'

const textTypes: readonly string[] = ['string', 'text', 'password']

/** Types whose every value the other takes as it is. */
const isWider = (before: string, after: string): boolean =>
  (before === 'integer' && after === 'number') || (textTypes.includes(before) && textTypes.includes(after))

function compareTypes(before: FieldManifest, after: FieldManifest): Finding | undefined {
  if (before.type === after.type) return undefined
  const message = `the type ${before.type} became ${after.type}`
  return isWider(before.type, after.type) ? minor(message) : major(`${message}: values may be refused`)
}

function compareRequirements(before: FieldManifest, after: FieldManifest, kind: Kind): Finding | undefined {
  if (isSame(before.required, after.required)) return undefined
  if (after.required === undefined) return minor('it is no longer required')
  if (before.required === true) return minor('it is required under conditions only')
  if (kind === 'setting' && after.default !== undefined) return minor('it is required now, and has a default')
  const when = after.required === true ? 'required now' : 'required under other conditions'
  return major(`it is ${when}: ${kind === 'field' ? 'mappings' : 'settings'} without it are refused`)
}

/** A single text or number becomes a list of one by itself; an object does not. */
const compareMultiple = (before: FieldManifest, after: FieldManifest): Finding | undefined =>
  switched(
    before.multiple,
    after.multiple,
    before.type === 'object' ? major('it takes a list now') : minor('it takes a list now'),
    major('it takes one value only: longer lists are refused'),
  )

function compareFormats(before: FieldManifest, after: FieldManifest): Finding | undefined {
  if (before.format === after.format) return undefined
  if (after.format === undefined) return minor(`the format ${before.format} is no longer asked for`)
  return major(`the format ${after.format} is asked for: other values are refused`)
}

const unitOf = ({ type }: FieldManifest): string => (textTypes.includes(type) ? 'length' : 'value')

function compareLimits(before: FieldManifest, after: FieldManifest): (Finding | undefined)[] {
  const limit = (
    name: 'minimum' | 'maximum',
    word: string,
    isTighter: (from: number, to: number) => boolean,
  ) => {
    const from = before[name]
    const to = after[name]
    if (from === to) return undefined
    if (to === undefined) return minor(`there is no ${word} ${unitOf(after)} any more`)
    const message = `the ${word} ${unitOf(after)} is ${to}, was ${from ?? 'not limited'}`
    return from === undefined || isTighter(from, to)
      ? major(`${message}: values may be refused`)
      : minor(message)
  }
  return [
    limit('minimum', 'least', (from, to) => to > from),
    limit('maximum', 'greatest', (from, to) => to < from),
  ]
}

/** Which values a user may choose: for fields, settings and sync modes alike. */
export function compareChoices(
  before: readonly ChoiceManifest[] | undefined,
  after: readonly ChoiceManifest[] | undefined,
): (Finding | undefined)[] {
  if (before === undefined && after === undefined) return []
  if (after === undefined) return [minor('it takes any value, no longer choices only')]
  if (before === undefined) return [major('it takes choices only: other values are refused')]
  const labels = new Map(before.map(({ value, label }) => [value, label]))
  const left = new Set(after.map(({ value }) => value))
  const removed = before.filter(({ value }) => !left.has(value))
  const added = after.filter(({ value }) => !labels.has(value))
  const relabelled = after.filter(({ value, label }) => labels.has(value) && labels.get(value) !== label)
  return [
    ...removed.map(({ value }) =>
      major(`the choice ${shown(value)} is gone: mappings that hold it are refused`),
    ),
    ...added.map(({ value }) => minor(`the choice ${shown(value)} is new`)),
    ...relabelled.map(({ value }) => patch(`the label of the choice ${shown(value)} changed`)),
  ]
}

function compareDefaults(before: FieldManifest, after: FieldManifest, kind: Kind): Finding | undefined {
  if (isSame(before.default, after.default)) return undefined
  const whom =
    kind === 'field' ? 'presets and subscriptions without a mapping' : 'connections that do not set it'
  return major(`the default is ${shown(after.default)}, was ${shown(before.default)}: it changes for ${whom}`)
}

function compareProperties(before: FieldManifest, after: FieldManifest, path: string, kind: Kind): Change[] {
  if (before.properties === undefined && after.properties === undefined) return []
  if (after.properties === undefined) return at(path, [minor('its members are no longer prescribed')])
  if (before.properties === undefined)
    return at(path, [major('its members are prescribed: others are refused')])
  return [
    ...at(path, [
      switched(
        before.additionalProperties,
        after.additionalProperties,
        minor('it takes further members'),
        major('it takes the named members only'),
      ),
    ]),
    ...compareFields(before.properties, after.properties, `${path}.properties`, kind),
  ]
}

function compareField(before: FieldManifest, after: FieldManifest, path: string, kind: Kind): Change[] {
  return [
    ...at(path, [
      compareTypes(before, after),
      compareRequirements(before, after, kind),
      compareMultiple(before, after),
      switched(before.allowNull, after.allowNull, minor('it takes null'), major('null is refused')),
      compareFormats(before, after),
      ...compareLimits(before, after),
      ...compareChoices(before.choices, after.choices),
      compareDefaults(before, after, kind),
      words('label', before.label, after.label),
      words('description', before.description, after.description),
      switched(before.dynamic, after.dynamic, patch('choices are fetched'), patch('choices are not fetched')),
      switched(before.hidden, after.hidden, patch('it is hidden'), patch('it is shown')),
    ]),
    ...compareProperties(before, after, path, kind),
  ]
}

function addedField(field: FieldManifest, kind: Kind): Finding {
  const isFilled = kind === 'setting' && field.default !== undefined
  if (field.required !== undefined && !isFilled)
    return major(
      `it is new and required: ${kind === 'field' ? 'mappings' : 'settings'} without it are refused`,
    )
  return minor(`it is new${field.default === undefined ? '' : ', with a default'}`)
}

/** Compares the fields of an action, or the settings of a destination. */
export const compareFields = (
  before: FieldsManifest,
  after: FieldsManifest,
  path: string,
  kind: Kind,
): Change[] =>
  compareRecords(before, after, path, {
    removed: () =>
      major(`it is gone: ${kind === 'field' ? 'mappings' : 'settings'} that hold it are refused`),
    added: (field) => addedField(field, kind),
    changed: (one, other, there) => compareField(one, other, there, kind),
  })
