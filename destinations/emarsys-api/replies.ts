import isPlainObject from 'lodash/isPlainObject'
import {
  type Classify,
  IntegrationError,
  InvalidAuthenticationError,
  type ItemResponse,
  RetryableError,
} from 'waybill'

type Reply = { readonly replyCode: number; readonly replyText: string; readonly data: unknown }

/** What a request is about; the same code means different things for different ones. */
export type Operation = 'upsert' | 'trigger' | 'list' | 'delete' | 'read'

/** The vendor's names of the permissions, as the page of a credential shows them. */
const permissions: Readonly<Record<Operation, string>> = {
  upsert: 'contact.update',
  trigger: 'externalevent.trigger',
  list: 'contactlist.contact.add or contactlist.contact.delete',
  delete: 'contact.delete',
  read: 'field.list, externalevent.list or contactlist.list',
}

/** Codes that are a matter of how the connection is set up; all others are about the event. */
const ofConfiguration: ReadonlySet<number> = new Set([
  1, 1000, 1001, 1002, 1006, 1009, 1010, 1016, 2002, 2003, 2004, 2006, 2013, 2020, 3001, 3002, 3003, 3004,
  3005, 3006, 5001, 5004, 5005, 6001, 6010,
])

/** Lists answer 500 to requests that are wrong, and will be wrong again. */
const finalAt500: ReadonlySet<number> = new Set([3001, 3002, 3003, 3004, 3005, 6001, 6010])

const envelopeOf = (data: unknown): Reply | undefined =>
  isPlainObject(data) && typeof (data as Reply).replyCode === 'number' ? (data as Reply) : undefined

/** The body of an item, which says what Emarsys said of it. */
const bodyOf = (replyCode: number, replyText: string) => ({ replyCode, replyText })

/** A refusal that will not change. */
export const refused = (code: number, text: string): ItemResponse => ({
  status: 400,
  data: bodyOf(code, text),
  reason: `${code} ${text}${explanations[code] ?? ''}`,
  code: `EMARSYS_${code}`,
})

const explanations: Readonly<Record<number, string>> = {
  2010: ' (several contacts share this value; use an indexed field of your own as key)',
  5005: ' (attach the event to a program, or let the settings count this as delivered)',
}

/** Worth another attempt. */
export const again = (status: number, reason: string, headers?: ItemResponse['headers']): ItemResponse => ({
  status,
  reason,
  ...(headers === undefined ? {} : { headers }),
})

const alreadyExists = /already exists/i

/** Whether an upsert lost a race against another one of the same key, which the vendor asks to repeat. */
export const isRace = ({ data }: ItemResponse): boolean => {
  const { replyCode, replyText = '' } = (data ?? {}) as Partial<Reply>
  return replyCode === 2009 || (replyCode === 2006 && alreadyExists.test(replyText))
}

/** What a response says of the request as a whole; undefined where its rows have to be looked at. */
export function responseOfAll(response: ItemResponse, operation: Operation): ItemResponse | undefined {
  const { status, data, headers } = response
  const reply = envelopeOf(data)
  const { replyCode: code = 0, replyText: text = '' } = reply ?? {}
  if (status >= 200 && status < 300) {
    if (reply === undefined) return again(500, 'the answer is none of Emarsys')
    return code === 0 ? undefined : code === 2001 ? again(500, `${code} ${text}`) : refused(code, text)
  }
  if (status === 401)
    return { status, reason: 'Emarsys does not take the credentials', data: bodyOf(code, text) }
  if (status === 403)
    return {
      status,
      reason: `the credentials may not do this; switch on ${permissions[operation]} for them`,
      data: bodyOf(code, text),
    }
  if (status === 408 || status === 429) return again(status, text || 'too many requests', headers)
  if (status === 500 && finalAt500.has(code)) return refused(code, text)
  if (status >= 500) return again(status, text || 'Emarsys is not available', headers)
  return code === 2001 ? again(500, `${code} ${text}`) : refused(code, text || `HTTP ${status}`)
}

const noKeyId = '<NO_KEY_ID>'

type RowError = { readonly code: number; readonly text: string }

/** Errors by the value of the key, whichever of its five forms the vendor uses. */
export function rowErrors(data: unknown): ReadonlyMap<string, RowError> {
  const errors = (data as { data?: { errors?: unknown } } | undefined)?.data?.errors
  const found = new Map<string, RowError>()
  if (Array.isArray(errors))
    for (const { key, errorCode, errorMsg } of errors as {
      key: unknown
      errorCode: unknown
      errorMsg: unknown
    }[])
      found.set(String(key), { code: Number(errorCode), text: String(errorMsg) })
  else if (isPlainObject(errors))
    for (const [key, codes] of Object.entries(errors as Record<string, Record<string, string>>)) {
      const [code, text] = Object.entries(codes)[0] ?? []
      if (code !== undefined) found.set(key, { code: Number(code), text: String(text) })
    }
  return found
}

/** What a response says of each row, by the values of their keys. */
export function responsesOfRows(
  response: ItemResponse,
  keys: readonly string[],
  operation: Operation,
): ItemResponse[] {
  const all = responseOfAll(response, operation)
  if (all !== undefined) return keys.map(() => all)
  const errors = rowErrors(response.data)
  const root = errors.get(noKeyId)
  const { status } = response
  return keys.map((key) => {
    const error = root ?? errors.get(key)
    return error === undefined ? { status, data: bodyOf(0, 'OK') } : refused(error.code, error.text)
  })
}

/** Throws what a response for one event means, for those who are not asked item by item. */
export function throwIfFailed(response: ItemResponse): void {
  const { status, reason = `Emarsys answered ${status}`, code, headers, data } = response
  if (status >= 200 && status < 300) return
  const message = `Emarsys: ${reason}`
  const withResponse = (error: Error): Error =>
    Object.assign(error, {
      response: { status, data, headers: new Headers((headers ?? {}) as Record<string, string>) },
    })
  if (status === 401) throw new InvalidAuthenticationError(message)
  if (status === 408 || status === 429 || (status >= 500 && status !== 501))
    throw withResponse(new RetryableError(message, status as 500))
  throw withResponse(new IntegrationError(message, code ?? `HTTP_${status}`, status))
}

/** Who has to act, by the code that Emarsys gave. */
export const classify: Classify = ({ data }, verdict) => {
  const { replyCode, replyText } = (data ?? {}) as Partial<Reply>
  if (verdict.kind !== 'rejected' || typeof replyCode !== 'number' || replyCode === 0) return undefined
  return {
    ...verdict,
    owner: ofConfiguration.has(replyCode) ? 'configuration' : 'event',
    code: `EMARSYS_${replyCode}`,
    vendorCode: `${replyCode}`,
    message: `Emarsys: ${replyCode} ${replyText ?? ''}${explanations[replyCode] ?? ''}`,
  }
}
