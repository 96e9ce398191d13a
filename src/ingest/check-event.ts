import type { RefusalCode, WarningCode } from './refusal'
import { type EventType, eventTypes } from './route'

type Fields = Record<string, unknown>

/** An event that is taken: a copy of its own, where what counts as absent is absent. */
export type CheckedEvent = { readonly event: Fields; readonly warnings: readonly WarningCode[] }

const types: ReadonlySet<unknown> = new Set(eventTypes)
const none: readonly WarningCode[] = []

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

/** `userId: ""` beside a good other id, as some phones send it, counts as absent. */
function idProblem(event: Fields): RefusalCode | undefined {
  let isEmpty = false
  for (const name of ['userId', 'anonymousId'] as const) {
    const id = event[name]
    if (typeof id === 'string' && id !== '') continue
    if (id === '') isEmpty = true
    else if (id !== undefined && id !== null) return 'id_not_string'
    delete event[name]
  }
  if (event.userId !== undefined || event.anonymousId !== undefined) return undefined
  if (hasOtherId(event)) return undefined
  return isEmpty ? 'id_not_string' : 'no_user_anon_id'
}

/** The node SDK lets `group({ groupId })` and an alias with a `previousId` alone through. */
function hasOtherId({ type, groupId, previousId }: Fields): boolean {
  const other = type === 'group' ? groupId : type === 'alias' ? previousId : undefined
  return typeof other === 'string' && other !== ''
}

const idNames = ['userId', 'anonymousId', 'groupId', 'previousId'] as const
const hasNul = (value: unknown): boolean => typeof value === 'string' && value.includes('\0')

/** Removes `null`, and tells of anything else but an object. */
function isWrongObject(event: Fields, name: 'properties' | 'traits'): boolean {
  if (event[name] === null) delete event[name]
  return event[name] !== undefined && !isObject(event[name])
}

function isWrongName(event: Fields, name: 'name' | 'category'): boolean {
  if (event[name] === null) delete event[name]
  return event[name] !== undefined && (typeof event[name] !== 'string' || event[name] === '')
}

const typeChecks: Readonly<Record<EventType, (event: Fields) => RefusalCode | undefined>> = {
  identify: (event) => (isWrongObject(event, 'traits') ? 'traits_not_object' : undefined),
  group: (event) => (isWrongObject(event, 'traits') ? 'traits_not_object' : undefined),
  alias: () => undefined,
  track(event) {
    if (isAbsent(event.event)) return 'event_not_defined'
    if (typeof event.event !== 'string') return 'event_not_string'
    return isWrongObject(event, 'properties') ? 'properties_not_object' : undefined
  },
  page: pageProblem,
  screen: pageProblem,
}

function pageProblem(event: Fields): RefusalCode | undefined {
  if (isWrongName(event, 'name')) return 'name_not_string'
  if (isWrongName(event, 'category')) return 'category_not_string'
  return isWrongObject(event, 'properties') ? 'properties_not_object' : undefined
}

function messageIdProblem(event: Fields, maxLength: number): RefusalCode | undefined {
  const { messageId } = event
  if (isAbsent(messageId)) {
    delete event.messageId
    return undefined
  }
  const isRight = typeof messageId === 'string' && messageId.length <= maxLength && !hasNul(messageId)
  return isRight ? undefined : 'message_id_invalid'
}

function warningsOf(event: Fields): readonly WarningCode[] {
  const warnings: WarningCode[] = []
  for (const name of ['context', 'integrations'] as const) {
    if (event[name] === undefined || isObject(event[name])) continue
    if (event[name] !== null) warnings.push('context_not_object')
    delete event[name]
  }
  if (event.userId === undefined && event.anonymousId === undefined)
    warnings.push(event.type === 'group' ? 'group_without_user' : 'alias_without_user')
  return warnings.length === 0 ? none : warnings
}

/** Whether an object holds a property `__proto__` anywhere. Does not recurse. */
export function hasUnsafeKey(value: unknown): boolean {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const part = open.pop()
    if (typeof part !== 'object' || part === null) continue
    if (Object.hasOwn(part, '__proto__')) return true
    for (const item of Object.values(part)) if (typeof item === 'object') open.push(item)
  }
  return false
}

/** Checks one event by the rules of Segment's HTTP API, with the tolerances that its own SDKs need. */
export function checkEvent(
  value: unknown,
  type: EventType | undefined,
  messageIdLength: number,
): CheckedEvent | RefusalCode {
  if (!isObject(value)) return 'message_not_object'
  const event: Fields = { ...value }
  if (type !== undefined) event.type = type
  if (!types.has(event.type)) return 'invalid_type'
  const problem =
    messageIdProblem(event, messageIdLength) ?? idProblem(event) ?? typeChecks[event.type as EventType](event)
  if (problem !== undefined) return problem
  for (const name of idNames) if (hasNul(event[name])) return 'id_unreadable'
  return { event, warnings: warningsOf(event) }
}
