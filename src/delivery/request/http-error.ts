import type { HttpResponse } from './http-response'

/** The request of a failed call, without headers and body, which may hold secrets. */
export type FailedRequest = { readonly url: string; readonly method: string }

/**
 * The destination answered with a status outside 200 to 299. Members that could show a secret when the error is
 * printed are not enumerable.
 */
export class HTTPError extends Error {
  declare readonly response: HttpResponse
  declare readonly request: FailedRequest
  declare readonly options: object

  constructor(response: HttpResponse, request: FailedRequest, options: object) {
    super(response.statusText || `HTTP status ${response.status}`)
    Object.defineProperties(this, {
      name: { value: 'HTTPError', configurable: true, writable: true },
      response: { value: response },
      request: { value: request },
      options: { value: options },
    })
  }
}
