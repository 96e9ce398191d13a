import type { MultiStatusResponse } from '@segment/actions-core'
import { faultText, partnerFault } from './partner-fault'
import { type PartnerMessage, partnerAddress, partnerRequest } from './partner-request'
import { personChains } from './person-chains'
import type { Request } from './post-message'
import type { PartnerAccount } from './settings'

/** Codes of items that got no answer: whether the message arrived is open, or it certainly did not. */
export const noAnswer = 'NO_ANSWER'
export const notSent = 'NOT_SENT'

/** How many messages of a batch are on their way at a time. */
const defaultConcurrency = 10

/** What the network says when nothing was written to it. */
const beforeSending = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

type ErrorItem = Extract<
  Parameters<MultiStatusResponse['setErrorResponseAtIndex']>[1],
  { errormessage: string }
>

/**
 * Posts a batch. The contract knows no envelope, so that each message is a request of its own; a few are on their way
 * at a time, those of one person one after the other. `result` (of `createMultiStatus`) gets an entry per message.
 * @throws when the address or the key cannot be used, before anything is sent.
 */
export async function postMessages(
  request: Request,
  account: PartnerAccount,
  messages: readonly PartnerMessage[],
  result: MultiStatusResponse,
  concurrency = defaultConcurrency,
): Promise<MultiStatusResponse> {
  const address = partnerAddress(account.endpoint)
  partnerRequest(account, {})
  const post = async (message: PartnerMessage, position: number): Promise<void> => {
    const options = { ...partnerRequest(account, message), throwHttpErrors: false }
    try {
      settle(result, position, message, await request(address, options))
    } catch (error) {
      result.setErrorResponseAtIndex(position, unanswered(error))
    }
  }
  const chains = personChains(messages).values()
  const work = async (): Promise<void> => {
    for (const chain of chains)
      for (const position of chain) await post(messages[position] as PartnerMessage, position)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return result
}

function settle(
  result: MultiStatusResponse,
  position: number,
  message: PartnerMessage,
  { status, data, headers }: { status: number; data: unknown; headers: { get(name: string): string | null } },
): void {
  const exchange = { status, sent: message as never, body: (data ?? '') as never }
  if (status >= 200 && status < 300) result.setSuccessResponseAtIndex(position, exchange)
  else {
    const fault = partnerFault(status, data)
    const wait = headers.get('retry-after')
    result.setErrorResponseAtIndex(position, {
      ...exchange,
      ...(wait === null ? {} : { headers: { 'retry-after': wait } }),
      // Where the contract adds nothing to HTTP, the framework's own name of the status serves.
      ...(fault.owner === undefined ? {} : { errortype: fault.code as ErrorItem['errortype'] }),
      errormessage: faultText(fault),
    })
  }
}

/** Both runtimes say in `code` what happened; ours adds whether anything was sent. */
function unanswered(error: unknown): ErrorItem {
  const { code = 'unknown', isSent } = error as { code?: unknown; isSent?: unknown }
  const hasLeft = typeof isSent === 'boolean' ? isSent : !beforeSending.has(String(code))
  return {
    status: hasLeft ? 504 : 503,
    errortype: (hasLeft ? noAnswer : notSent) as ErrorItem['errortype'],
    errormessage: `no answer from the endpoint (${String(code)})`,
  }
}
