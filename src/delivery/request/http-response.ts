import { rawHeaderValue } from './header-list'
import { ResponseHeaders } from './response-headers'
import type { WireResponse } from './transport'

const decoder = new TextDecoder()

/**
 * The answer that `perform` gets: the members of a `fetch` response that actions use, with the body already read.
 * Text, JSON and headers are made when they are first asked for.
 */
export class HttpResponse {
  readonly status: number
  readonly statusText: string
  /** Where the answer came from, after redirects. */
  readonly url: string
  readonly redirected: boolean
  readonly type = 'default'
  readonly bodyUsed = false
  private readonly wire: WireResponse
  private lazyHeaders: ResponseHeaders | undefined
  private lazyContent: string | undefined
  private lazyData: { value: unknown } | undefined

  constructor(wire: WireResponse, url: string, redirected: boolean) {
    this.wire = wire
    this.status = wire.status
    this.statusText = wire.statusText
    this.url = url
    this.redirected = redirected
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  get headers(): ResponseHeaders {
    this.lazyHeaders ??= new ResponseHeaders(this.wire.rawHeaders)
    return this.lazyHeaders
  }

  /**
   * The body as text.
   * @throws NetworkError when a response of success has a body that cannot be read; its status stands all the same.
   */
  get content(): string {
    this.lazyContent ??= decoder.decode(this.readableBody)
    return this.lazyContent
  }
  set content(text: string) {
    this.lazyContent = text
  }

  /**
   * The body, parsed where the answer says that it is `application/json` (undefined when it is not JSON after all),
   * else as text.
   */
  get data(): unknown {
    this.lazyData ??= { value: this.read() }
    return this.lazyData.value
  }
  set data(value: unknown) {
    this.lazyData = { value }
  }

  /** Of a refusal the body is only detail, so what there is of it will do. */
  private get readableBody(): Uint8Array {
    if (this.wire.unreadable !== undefined && this.ok) throw this.wire.unreadable
    return this.wire.body
  }

  private read(): unknown {
    const type = rawHeaderValue(this.wire.rawHeaders, 'content-type')
    const isJson = type?.includes('application/json') ?? false
    return isJson ? parsed(this.content) : this.content
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.content)
  }
  async text(): Promise<string> {
    return this.content
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.readableBody).buffer
  }
  clone(): HttpResponse {
    return new HttpResponse(this.wire, this.url, this.redirected)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
