import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

type Options = { readonly maxOutputLength: number }
type Inflate = (bytes: Uint8Array, options: Options) => Promise<Buffer>

const decoders: Readonly<Record<string, Inflate>> = {
  gzip: promisify(gunzip) as Inflate,
  'x-gzip': promisify(gunzip) as Inflate,
  /** With the wrapper of zlib or without, as clients differ. */
  deflate: (bytes, options) =>
    ((bytes[0] ?? 0) & 0x0f) === 8
      ? (promisify(inflate) as Inflate)(bytes, options)
      : (promisify(inflateRaw) as Inflate)(bytes, options),
  br: promisify(brotliDecompress) as Inflate,
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/**
 * The bytes of a body without its content encoding; gzip is known by its first bytes too. Inflates no further than
 * `maxBytes`.
 */
export async function decodeBody(
  bytes: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer | 'invalid_encoding' | 'payload_too_large'> {
  const name = encoding?.trim().toLowerCase() ?? ''
  const isPlain = name === '' || name === 'identity'
  if (isPlain && !isGzip(bytes)) return bytes
  const decode = isPlain ? decoders.gzip : Object.hasOwn(decoders, name) ? decoders[name] : undefined
  if (decode === undefined) return 'invalid_encoding'
  try {
    return await decode(bytes, { maxOutputLength: maxBytes })
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
      ? 'payload_too_large'
      : 'invalid_encoding'
  }
}
