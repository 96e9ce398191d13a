import { recognizeOurs, standFor } from '../../contract/error-class'
import type { HttpResponse } from './http-response'
import type { SentRequest } from './sent-request'

/**
 * The destination answered with a status outside 200 to 299. Members that could show a secret or a personal value
 * when the error is printed are not enumerable.
 */
export class HTTPError extends Error {
  declare readonly response: HttpResponse
  declare readonly request: SentRequest
  declare readonly options: object

  constructor(response: HttpResponse, request: SentRequest, options: object) {
    super(response.statusText || `HTTP status ${response.status}`)
    Object.defineProperties(this, {
      name: { value: 'HTTPError', configurable: true, writable: true },
      response: { value: response },
      request: { value: request },
      options: { value: options },
    })
    standFor(this, 'HTTPError')
  }
}

recognizeOurs(HTTPError, 'HTTPError')
