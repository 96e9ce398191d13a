import { checkChoice } from './check-choice'
import { checkMembers } from './check-members'
import { type CustomField, fieldIdOf } from './contact-fields'
import { type Choices, convertValue, type FieldValue, type Transform, transforms } from './convert-value'
import { memberPath, type ReadMember } from './member-path'
import { type CallType, callTypeTest, type Matches, type Message } from './step-matcher'

/** Which member of a message goes into which field of the contact. */
export type DataMap = {
  readonly from: string
  /** Id or string id of the field. */
  readonly to: number | string
  /** Default: all four. */
  readonly types?: readonly CallType[]
  /** Default `none`: text as it is, numbers and booleans as text. */
  readonly transform?: Transform
  readonly choices?: Choices
  /** Taken where the message has no value. */
  readonly default?: unknown
  /** What a message without the member does to the field. Default `skip`. */
  readonly whenMissing?: EmptyValues
}

/** What null and empty text do to a field. */
export type EmptyValues = 'skip' | 'clear'
export const emptyPolicies: readonly EmptyValues[] = ['skip', 'clear']

/** A map with everything compiled. */
export type CompiledDataMap = Omit<DataMap, 'to' | 'types'> & {
  readonly isFor: Matches
  readonly read: ReadMember
  readonly fieldId: number
}

/** What the maps make of one message: null clears a field. */
export type MappedValues = {
  readonly values: ReadonlyMap<number, FieldValue | null>
  /** Values that could not be converted. They are left out, and the rest is written. */
  readonly dropped: readonly {
    readonly from: string
    readonly fieldId: number
    readonly transform: Transform
  }[]
}

/**
 * Compiles a map.
 * @throws RangeError for a member, path, field, type or transform that does not exist.
 */
export function compileDataMap(map: DataMap, fields: readonly CustomField[]): CompiledDataMap {
  checkMembers(map, ['from', 'to', 'types', 'transform', 'choices', 'default', 'whenMissing'])
  const { to, types, ...rest } = map
  checkChoice('transform', map.transform, transforms)
  checkChoice('whenMissing', map.whenMissing, emptyPolicies)
  if (map.transform === 'boolChoice' && map.choices === undefined)
    throw new RangeError('boolChoice needs choices for true and false')
  return {
    ...rest,
    isFor: callTypeTest(types),
    read: memberPath(map.from),
    fieldId: fieldIdOf(to, fields),
  }
}

/** Applies all maps to a message. Where two write one field, the last of the list decides. */
export function applyDataMaps(
  maps: readonly CompiledDataMap[],
  message: Message,
  emptyValues: EmptyValues,
): MappedValues {
  const values = new Map<number, FieldValue | null>()
  const dropped: MappedValues['dropped'][number][] = []
  for (const map of maps) {
    if (!map.isFor(message)) continue
    const value = memberOf(map, message)
    if (isEmpty(value)) {
      const policy = value === undefined ? (map.whenMissing ?? 'skip') : emptyValues
      if (policy === 'clear') values.set(map.fieldId, null)
      continue
    }
    const { from, fieldId, transform = 'none' } = map
    const converted = convertValue(transform, value, map.choices)
    if (converted === undefined) dropped.push({ from, fieldId, transform })
    else values.set(fieldId, converted)
  }
  return { values, dropped }
}

function memberOf(map: CompiledDataMap, message: Message): unknown {
  const value = map.read(message)
  return isEmpty(value) && map.default !== undefined ? map.default : value
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''
