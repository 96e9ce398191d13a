import { IntegrationError, InvalidAuthenticationError } from 'waybill'
import { isElsewhere, keyProblem, notHere } from './odp-answer'
import { address, type ConnectionSettings } from './odp-api'
import { regionOf } from './rules/region'

type Request = (
  url: string,
  options: { throwHttpErrors: false },
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
  if (refusal !== undefined || (status >= 200 && status < 300)) return
  if (isElsewhere(status)) throw new IntegrationError(notHere, 'ODP_NOT_FOUND', status)
  throw new IntegrationError(`ODP answered ${status}; try again later.`, 'ODP_UNAVAILABLE', status)
}

/** What is wrong with a key on its face. */
function formProblem({ apiKey, region, endpoint }: ConnectionSettings): string | undefined {
  const key = apiKey.trim()
  if (key === '') return 'The Tracking Identifier is empty.'
  if (key.includes('@'))
    return 'This is an email address; the Tracking Identifier is under Administration > Integrations > Tag Generator > Advanced Options.'
  if (!/^[A-Za-z0-9_.-]+$/.test(key))
    return 'A Tracking Identifier has letters, digits, dashes and underscores only; copy it again, without blanks or quotes around it.'
  const own = regionOf(key)
  if (!endpoint && region && own !== 'us' && own !== region)
    return `The key belongs to ${regionNames[own]}, the region is set to ${regionNames[region]}; leave the region empty to go by the key.`
  return undefined
}
