import { type Emulator, type EmulatorAnswer, type EmulatorRequest, startEmulator } from 'waybill/testing'
import { checkRecordEvent } from './check-record-event'

/** The key of the emulated account. */
export const acceptedKey = 'accepted-key'

/** Says in the vendor's words what is wrong with a body; nothing when the vendor takes it. */
type Check = (body: unknown) => string | undefined

/** What the vendor takes, by path. */
const checks: Record<string, Check> = {
  '/v1/record-event': checkRecordEvent,
}

/** A call that the vendor has taken. */
export type AcceptedCall = { readonly path: string; readonly body: unknown }

/** A running Example Vendor on loopback, and what it has taken so far. */
export type ExampleVendorEmulator = Emulator & { readonly accepted: readonly AcceptedCall[] }

/** Starts Example Vendor on loopback. It refuses what the vendor's documentation says that the vendor refuses. */
export async function startExampleVendorEmulator(): Promise<ExampleVendorEmulator> {
  const accepted: AcceptedCall[] = []
  const seenKeys = new Set<string>()
  const emulator = await startEmulator({
    handle: (request) => handle(request, accepted, seenKeys),
    control: { 'GET accepted': () => ({ status: 200, body: accepted }) },
  })
  return Object.assign(Object.create(emulator), { accepted }) as ExampleVendorEmulator
}

const refuse = (status: number, error: string): EmulatorAnswer => ({ status, body: { error } })

/** The vendor's order of checks: key, path, method, JSON, body. The first failure answers. */
function handle(request: EmulatorRequest, accepted: AcceptedCall[], seenKeys: Set<string>): EmulatorAnswer {
  const { method, path, headers } = request
  if (headers.authorization !== `Bearer ${acceptedKey}`) return refuse(401, 'unknown key')
  if (path === '/v1/account') return { status: 200, body: { account: 'test' } }
  const check = checks[path]
  if (check === undefined) return refuse(404, `there is no ${path}`)
  if (method !== 'POST') return refuse(405, 'use POST')
  const body = parse(request)
  if (body === undefined) return refuse(400, 'the body is not JSON')
  const problem = check(body)
  if (problem !== undefined) return refuse(400, problem)
  const key = headers['idempotency-key']
  if (key === undefined || !seenKeys.has(key)) accepted.push({ path, body })
  if (key !== undefined) seenKeys.add(key)
  return { status: 200, body: { ok: true } }
}

function parse({ body }: EmulatorRequest): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
