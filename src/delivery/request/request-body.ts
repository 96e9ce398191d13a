import { DefinitionError } from '../../errors'

/** A body ready for the wire, and the content type that it implies. */
export type EncodedBody = {
  readonly body: string | Uint8Array | undefined
  readonly contentType: string | undefined
}

const nothing: EncodedBody = { body: undefined, contentType: undefined }

/**
 * Encodes `json` or `body`. JSON, text, form parameters and bytes are encoded at once; a form, blob or stream is
 * read first, hence the promise.
 * @throws DefinitionError for a body on GET or HEAD.
 */
export function encodeBody(json: unknown, body: unknown, method: string): EncodedBody | Promise<EncodedBody> {
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
  if (body instanceof Uint8Array) return { body, contentType: undefined }
  if (body instanceof ArrayBuffer) return { body: new Uint8Array(body), contentType: undefined }
  return isFormDataPackage(body) ? readFormDataPackage(body) : readBody(body)
}

async function readBody(body: unknown): Promise<EncodedBody> {
  const response = new Response(body as ConstructorParameters<typeof Response>[0])
  const contentType = response.headers.get('content-type') ?? undefined
  return { body: new Uint8Array(await response.arrayBuffer()), contentType }
}

/** The form of the `form-data` package, which the reference's request client takes too. */
type FormDataPackage = { getBuffer(): Uint8Array; getHeaders(): Record<string, string> }

const isFormDataPackage = (body: unknown): body is FormDataPackage =>
  typeof (body as Partial<FormDataPackage>).getBuffer === 'function' &&
  typeof (body as Partial<FormDataPackage>).getHeaders === 'function'

const readFormDataPackage = (form: FormDataPackage): EncodedBody => ({
  body: form.getBuffer(),
  contentType: form.getHeaders()['content-type'],
})
