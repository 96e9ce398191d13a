import type { Perform } from '../definition/execute-input'
import { partnerError } from './partner-error'
import { type PartnerMessage, partnerAddress, partnerRequest } from './partner-request'
import type { PartnerAccount } from './settings'

/** What `perform` gets as `request`. */
export type Request = Parameters<Perform<unknown, unknown>>[0]

/**
 * Posts one message to the partner's endpoint, unchanged: the contract knows one address for every type of call, and
 * one message per request.
 * @throws InvalidAuthenticationError, RetryableError or IntegrationError when the answer is no 2xx, with the partner's
 * own text; IntegrationError INVALID_ENDPOINT when the address cannot be used.
 */
export async function postMessage(request: Request, account: PartnerAccount, message: PartnerMessage) {
  const address = partnerAddress(account.endpoint)
  const options = partnerRequest(account, message)
  try {
    return await request(address, options)
  } catch (error) {
    throw partnerError(error)
  }
}
