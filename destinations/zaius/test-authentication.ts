import { IntegrationError, InvalidAuthenticationError } from 'waybill'
import { isElsewhere, keyProblem, notHere } from './answers'
import { address, type ConnectionSettings, privateKeyHeader, publicPart, regionOf } from './api'

type Request = (
  url: string,
  options: { throwHttpErrors: false; headers?: Record<string, string> },
) => Promise<{ status: number; data?: unknown }>

const regionNames = { us: 'the United States', eu: 'Europe', apac: 'Asia-Pacific' } as const

/**
 * Says what is wrong with the key: its form, its region, or that ODP does not know it. The lists are the one thing
 * that the public key may read; that it may not read them either proves as well that ODP knows it.
 */
export async function testAuthentication(request: unknown, settings: ConnectionSettings): Promise<void> {
  const problem = formProblem(settings)
  if (problem !== undefined) throw new InvalidAuthenticationError(problem)
  const { status, data } = await (request as Request)(address(settings, '/lists'), { throwHttpErrors: false })
  const refusal = keyProblem(status, data)
  if (refusal?.code === 'ODP_KEY_REFUSED') throw new InvalidAuthenticationError(refusal.message)
  if (refusal !== undefined || (status >= 200 && status < 300)) {
    if (settings.privateKey) await testPrivateKey(request as Request, settings)
    return
  }
  if (isElsewhere(status)) throw new IntegrationError(notHere, 'ODP_NOT_FOUND', status)
  throw new IntegrationError(`ODP answered ${status}; try again later.`, 'ODP_UNAVAILABLE', status)
}

/** Only a private key may read the schema. */
async function testPrivateKey(request: Request, settings: ConnectionSettings): Promise<void> {
  const { status } = await request(address(settings, '/schema/objects/customers/fields'), {
    throwHttpErrors: false,
    headers: privateKeyHeader(settings),
  })
  if (status === 401 || status === 403)
    throw new InvalidAuthenticationError(
      'ODP does not take the private API key: copy it again from Account Settings > APIs, or leave it empty.',
    )
}

/** What is wrong with a key on its face. */
function formProblem({ apiKey, privateKey, region, endpoint }: ConnectionSettings): string | undefined {
  const key = apiKey.trim()
  if (key === '') return 'The Tracking Identifier is empty.'
  if (key.includes('@'))
    return 'This is an email address; the Tracking Identifier is under Administration > Integrations > Tag Generator > Advanced Options.'
  if (!/^[A-Za-z0-9_.-]+$/.test(key))
    return 'A Tracking Identifier has letters, digits, dashes and underscores only; copy it again, without blanks or quotes around it.'
  if (privateKey && publicPart(privateKey) !== publicPart(key))
    return 'The private API key belongs to another account: it begins with the Tracking Identifier and a dot.'
  const own = regionOf(key)
  if (!endpoint && region && own !== 'us' && own !== region)
    return `The key belongs to ${regionNames[own]}, the region is set to ${regionNames[region]}; leave the region empty to go by the key.`
  return undefined
}
