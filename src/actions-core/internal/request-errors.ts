import { recognizeOurs, standFor } from '../../contract/error-class'
import { ActionError } from '../../contract/errors'
import type { NormalizedOptions } from './request-options'

/** The answer's status is outside 200 to 299. Carries the whole exchange; its message is the status text. */
export class HTTPError extends ActionError {
  response: Response
  request: Request
  options: NormalizedOptions
  constructor(response: Response, request: Request, options: NormalizedOptions) {
    super(response.statusText ?? String(response.status ?? 'Unknown response error'))
    this.response = response
    this.request = request
    this.options = options
    standFor(this, 'HTTPError')
  }
}

/** No complete answer came within `timeout` milliseconds. */
export class TimeoutError extends ActionError {
  request: Request
  options: NormalizedOptions
  code: string
  constructor(request: Request, options: NormalizedOptions) {
    super(`Request timed out after ${options.timeout}ms`)
    this.request = request
    this.options = options
    this.code = 'ETIMEDOUT'
    standFor(this, 'TimeoutError')
  }
}

/** The caller's signal ended the request. */
export class RequestClientError extends ActionError {
  code = 'REQUESTCLIENTERROR'
  status = 408
  constructor(message = 'Request was aborted') {
    super(message)
    standFor(this, 'RequestClientError')
  }
}

/** The caller's signal ended the request, since its own time was up. */
export class RequestTimeoutError extends ActionError {
  code = 'REQUESTTIMEOUTERROR'
  status = 408
  constructor(message = 'Request timed out before receiving a response') {
    super(message)
    standFor(this, 'RequestTimeoutError')
  }
}

recognizeOurs(HTTPError, 'HTTPError')
recognizeOurs(TimeoutError, 'TimeoutError')
recognizeOurs(RequestClientError, 'RequestClientError')
recognizeOurs(RequestTimeoutError, 'RequestTimeoutError')
