import type { Perform } from '../definition/execute-input'
import { type PartnerMessage, partnerAddress, partnerRequest } from './partner-request'
import type { PartnerAccount } from './settings'

/** What `perform` gets as `request`. */
export type Request = Parameters<Perform<unknown, unknown>>[0]

/**
 * Posts one message to the partner's endpoint, unchanged: the contract knows one address for every type of call, and
 * one message per request. Rejects when the answer is no 2xx; `classifyPartnerAnswer` tells what that means.
 */
export const postMessage = async (request: Request, account: PartnerAccount, message: PartnerMessage) =>
  request(partnerAddress(account.endpoint), partnerRequest(account, message))
