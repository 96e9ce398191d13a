import type { EmulatorAnswer, EmulatorRequest } from 'waybill/testing'
import type { Account } from './account'
import { messageProblem } from './message'
import type { Message } from './step-matcher'

/** What the endpoint takes; group and alias are answered with 501, as the contract between Segment and partners says. */
const supportedTypes = new Set(['identify', 'track', 'page', 'screen', 'delete'])

/** Segment's own limit is 32 KB per message; twice that leaves room for what Segment adds. */
const maxBodyBytes = 64 * 1024

type Accepted = { readonly account: Account; readonly message: Message }

const refuse = (status: number, message: string, headers?: Record<string, string>): EmulatorAnswer => ({
  status,
  body: { message },
  ...(headers === undefined ? {} : { headers }),
})

/**
 * Checks a request as a partner endpoint does: method, path, credentials, headers, size, JSON, type, ids. The first
 * failure answers.
 */
export function acceptMessage(
  request: EmulatorRequest,
  path: string,
  accounts: ReadonlyMap<string, Account>,
): Accepted | EmulatorAnswer {
  if (request.method !== 'POST') return refuse(405, 'use POST', { allow: 'POST' })
  if (request.path !== path) return refuse(404, `there is nothing at ${request.path}`)
  const key = keyOf(request.headers.authorization)
  if (typeof key !== 'string') return key
  const account = accounts.get(key)
  if (account === undefined) return refuse(401, 'the API key is not known')
  if (!account.isEnabled) return refuse(403, 'the add-on is not enabled for this API key')
  const problem = headerProblem(request) ?? sizeProblem(request)
  if (problem !== undefined) return problem
  const message = messageOf(request.body.toString('utf8'))
  return 'status' in message ? message : { account, message: message.value }
}

/** The key of Basic credentials whose password is empty. */
function keyOf(authorization: string | undefined): string | EmulatorAnswer {
  if (authorization === undefined) return refuse(401, 'credentials are missing')
  const match = /^basic\s+(.*)$/i.exec(authorization)
  if (match === null) return refuse(401, 'the credentials are not of the Basic scheme')
  const credentials = decodeBase64(match[1] as string)
  if (credentials === undefined) return refuse(401, 'the credentials are not base64')
  const colon = credentials.indexOf(':')
  if (colon === -1) return refuse(401, 'the credentials have no colon')
  if (colon < credentials.length - 1) return refuse(401, 'the password has to be empty')
  return credentials.slice(0, colon)
}

function headerProblem({ headers }: EmulatorRequest): EmulatorAnswer | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!/^application\/(json|[\w.-]+\+json)$/.test(type))
    return refuse(400, 'the content type has to be application/json')
  const settings = headers['x-segment-settings']
  if (settings === undefined || settings === '') return undefined
  const isReadable = isObject(parsed(decodeBase64(settings) ?? ''))
  return isReadable ? undefined : refuse(400, 'X-Segment-Settings is not base64 of a JSON object')
}

const sizeProblem = ({ body }: EmulatorRequest): EmulatorAnswer | undefined =>
  body.length > maxBodyBytes ? refuse(413, `a message has at most ${maxBodyBytes} bytes`) : undefined

function messageOf(text: string): { value: Message } | EmulatorAnswer {
  const value = parsed(text)
  if (value === undefined) return refuse(400, 'the body is not JSON')
  if (!isObject(value)) return refuse(400, 'the body has to be one JSON object')
  const { type } = value
  if (typeof type !== 'string') return refuse(400, 'type is missing')
  if (!supportedTypes.has(type)) return refuse(501, `calls of type ${type.slice(0, 20)} are not supported`)
  const message = value as Message
  const problem = messageProblem(message)
  return problem === undefined ? { value: message } : refuse(400, problem)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined unless the text is base64 through and through; `Buffer` alone skips what it cannot read. */
function decodeBase64(text: string): string | undefined {
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
  return isBase64 ? Buffer.from(text, 'base64').toString('utf8') : undefined
}
