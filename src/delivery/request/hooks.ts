import type { HttpResponse } from './http-response'
import { mergeOptions, type RequestOptions } from './request-options'
import type { SentRequest } from './sent-request'

/** The options after every `beforeRequest` hook; each sees what the ones before it changed. */
export async function runBeforeRequest(options: RequestOptions): Promise<RequestOptions> {
  let current = options
  for (const hook of options.beforeRequest ?? []) {
    const changes = await hook({ ...current })
    if (typeof changes === 'object' && changes !== null) {
      // A hook that hands the whole options back must not double the lists of hooks.
      const { beforeRequest: _before, afterResponse: _after, ...rest } = changes
      current = mergeOptions(current, rest)
    }
  }
  return current
}

/** The response after every `afterResponse` hook; a response that a hook returns takes the place of the last. */
export async function runAfterResponse(
  request: SentRequest,
  options: RequestOptions,
  response: HttpResponse,
): Promise<HttpResponse> {
  let current = response
  for (const hook of options.afterResponse ?? []) {
    const changed = await hook(request, options, current)
    if (isResponse(changed)) current = changed
  }
  return current
}

/** By shape: a definition may build its own. */
const isResponse = (value: unknown): value is HttpResponse =>
  typeof (value as { status?: unknown } | null | undefined)?.status === 'number' &&
  typeof (value as { headers?: unknown }).headers === 'object'
