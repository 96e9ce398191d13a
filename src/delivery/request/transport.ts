import type { NetworkError } from './network-error'

/** A name or a value of a header as a network stack hands it over: text, or bytes not yet decoded. */
export type RawHeader = string | { readonly length: number; toString(encoding: 'latin1'): string }

/** One request as it goes on the wire. */
export type WireRequest = {
  /** Absolute, normalized, without credentials and fragment. */
  readonly url: string
  /** Upper case. */
  readonly method: string
  /** Lower-case names and values in turn. */
  readonly headers: readonly string[]
  readonly body: string | Uint8Array | undefined
  /** Milliseconds from now until the last byte of the answer must be in; `Infinity` for no limit. */
  readonly timeoutMs: number
  readonly maxResponseBytes: number
  readonly signal: AbortSignal | undefined
  /** An agent of `node:http` or `node:https` that the action brings along. */
  readonly agent: unknown
}

/** A response with its whole body, decompressed. */
export type WireResponse = {
  readonly status: number
  readonly statusText: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly RawHeader[]
  readonly body: Uint8Array
  /** Why the body is not whole or not readable: `body` is then what could be had of it. The status stands all the same. */
  readonly unreadable?: NetworkError
}

/**
 * The way to the network. `send` resolves when the whole response is in, and also when it has begun and its body
 * cannot be read (`unreadable`): the status tells what became of the request. It rejects with a `NetworkError`, which
 * says whether the request can have reached the destination, or with a `DefinitionError` for a request that HTTP does
 * not allow. Redirects are responses like any other.
 */
export type Transport = {
  send(request: WireRequest): Promise<WireResponse>
  /** Closes idle connections; requests in flight end first. */
  close(): Promise<void>
}

/** Certificates in PEM: what is trusted beside the certificates that Node trusts, and the client's own. */
export type TlsOptions = {
  readonly ca?: string | readonly string[]
  readonly cert?: string
  readonly key?: string
  /** Of the key. */
  readonly passphrase?: string
}
