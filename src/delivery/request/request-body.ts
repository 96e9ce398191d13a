import { DefinitionError } from '../../errors'
import type { MergedOptions } from './request-options'

/** A body ready for the wire, and the content type that it implies. */
export type EncodedBody = { readonly body: string | Uint8Array | undefined; readonly contentType?: string }

const nothing: EncodedBody = { body: undefined }

/**
 * Encodes `json` or `body`. JSON, text, form parameters and bytes are encoded at once; a form, blob or stream is
 * read first, hence the promise.
 */
export function encodeBody(options: MergedOptions, method: string): EncodedBody | Promise<EncodedBody> {
  const { json, body } = options
  if (json === undefined && (body === undefined || body === null)) return nothing
  if (method === 'GET' || method === 'HEAD')
    throw new DefinitionError(
      'INVALID_DEFINITION',
      `a ${method} request cannot have a body; give it a method`,
    )
  if (json !== undefined) return { body: JSON.stringify(json), contentType: 'application/json' }
  if (typeof body === 'string') return { body, contentType: 'text/plain;charset=UTF-8' }
  if (body instanceof URLSearchParams)
    return { body: body.toString(), contentType: 'application/x-www-form-urlencoded;charset=UTF-8' }
  if (body instanceof Uint8Array) return { body }
  if (body instanceof ArrayBuffer) return { body: new Uint8Array(body) }
  return readBody(body)
}

async function readBody(body: unknown): Promise<EncodedBody> {
  const response = new Response(body as ConstructorParameters<typeof Response>[0])
  const contentType = response.headers.get('content-type')
  const bytes = new Uint8Array(await response.arrayBuffer())
  return contentType === null ? { body: bytes } : { body: bytes, contentType }
}
