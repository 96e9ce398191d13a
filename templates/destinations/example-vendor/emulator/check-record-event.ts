const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== ''
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What the vendor says about the body of `POST /v1/record-event`; nothing when it takes it. */
export function checkRecordEvent(body: unknown): string | undefined {
  if (!isObject(body)) return 'the body has to be an object'
  if (!isText(body.user_id) && !isText(body.anonymous_id)) return 'user_id or anonymous_id is required'
  if (!isText(body.event)) return 'event is required'
  if ([...String(body.event)].length > 200) return 'event is longer than 200 characters'
  if (body.properties !== undefined && !isObject(body.properties)) return 'properties has to be an object'
  return undefined
}
