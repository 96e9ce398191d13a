import { PayloadValidationError, readTime } from 'waybill'
import { requireId } from './user'
import { jsonValues } from './values'

type Dropped = (field: string, reason: string) => void

/** Longest event name that Connect takes (its developer guide, "Events"). */
export const maxEventLength = 200

export type EventPayload = {
  user_id?: string
  anonymous_id?: string
  timestamp?: string
  original_timestamp?: string
  received_at?: string
}

/**
 * The event object of `POST /v2/track`.
 * @throws PayloadValidationError without any id, or for a name that is blank or longer than 200 characters: a cut
 * name would match no campaign.
 */
export function eventBody(
  payload: EventPayload,
  event: string,
  properties: Readonly<Record<string, unknown>>,
  dropped: Dropped,
) {
  const user_id = requireId(payload)
  if (event.trim() === '') throw new PayloadValidationError('The event name is blank.')
  if ([...event].length > maxEventLength)
    throw new PayloadValidationError(`The event name is longer than ${maxEventLength} characters.`)
  const times = [payload.timestamp, payload.original_timestamp, payload.received_at]
  const timestamp = seconds(times)
  if (timestamp === undefined && times.some((time) => time !== undefined && time !== ''))
    dropped('timestamp', 'no time that can be read; Connect uses the time of receipt')
  return {
    user_id,
    event,
    properties: jsonValues(properties, 'properties', dropped),
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}

/** Whole seconds since the epoch, of the first time that can be read. */
function seconds(times: readonly (string | undefined)[]): number | undefined {
  for (const time of times) {
    const date = readTime(time)
    if (date !== undefined) return Math.floor(date.getTime() / 1000)
  }
  return undefined
}
