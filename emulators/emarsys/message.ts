import type { ReadMember } from './member-path'
import type { Message } from './step-matcher'
import type { Identity } from './users-table'

/** The unique id of a message, by which a repetition is recognized. */
export const messageIdOf = ({ messageId }: Message): string | undefined => textOf(messageId)

/** The ids of a message: two of Segment's own members, and the configured primary key. */
export function identityOf(message: Message, primaryKey: readonly ReadMember[]): Identity {
  const anonymousId = textOf(message.anonymousId)
  const userId = idText(message.userId)
  const key = primaryKey.map((read) => idText(read(message))?.trim()).find((text) => text)
  return {
    ...(anonymousId === undefined ? {} : { anonymousId }),
    ...(userId === undefined ? {} : { userId }),
    ...(key === undefined ? {} : { primaryKey: key }),
  }
}

/** What is wrong with the ids of a message; undefined when it can be processed. */
export function messageProblem(message: Message): string | undefined {
  const { anonymousId, userId } = identityOf(message, [])
  if (message.type === 'delete') return userId === undefined ? 'a deletion needs a userId' : undefined
  return userId === undefined && anonymousId === undefined ? 'userId or anonymousId is required' : undefined
}

/** When a message happened: its `timestamp`, else the moment of its arrival. Milliseconds since the epoch. */
export function eventTimeOf({ timestamp }: Message, now: number): number {
  const time = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN
  return Number.isNaN(time) ? now : time
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const idText = (value: unknown): string | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? String(value) : textOf(value)
