import { headersAsObject } from './header-list'
import { createRedact } from './redact'
import type { WireRequest } from './transport'

const masking = createRedact([])

/**
 * The request of a call, as hooks and `HTTPError` show it. Printed or turned to JSON, it masks what looks
 * like a credential; it never shows the body.
 */
export class SentRequest {
  readonly #request: WireRequest

  constructor(request: WireRequest) {
    this.#request = request
  }

  get url(): string {
    return this.#request.url
  }
  get method(): string {
    return this.#request.method
  }
  /** Header names in lower case, values unmasked. */
  get headers(): Record<string, string> {
    return headersAsObject(this.#request.headers)
  }

  toJSON(): { method: string; url: string; headers: Record<string, string> } {
    return { method: this.method, url: masking.text(this.url), headers: masking.headers(this.headers) }
  }
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return this.toJSON()
  }
}
