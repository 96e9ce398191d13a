import { rawHeaderValue } from './header-list'
import { NetworkError, tooLarge } from './network-error'
import type { RawHeader } from './transport'

/**
 * The body of an answer without its `content-encoding` (gzip, deflate, br). Nothing asks for compression, but some
 * servers compress all the same. At most `maxBytes` come out, however small the compressed body was.
 * @throws NetworkError when it is larger, or not what its header says.
 */
export function decodeContent(
  body: Buffer,
  rawHeaders: readonly RawHeader[],
  status: number,
  maxBytes: number,
): Buffer {
  const encoding = rawHeaderValue(rawHeaders, 'content-encoding')
  if (encoding === undefined || body.length === 0) return body
  try {
    return decompressed(body, encoding.trim().toLowerCase(), maxBytes)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes, status)
    throw new NetworkError('RESPONSE_UNREADABLE', `the answer (status ${status}) is not valid ${encoding}`, {
      isSent: true,
      responseStatus: status,
      reason: error,
    })
  }
}

function decompressed(body: Buffer, encoding: string, maxOutputLength: number): Buffer {
  const zlib = require('node:zlib') as typeof import('node:zlib')
  // Some servers leave out the end of the stream.
  const options = { maxOutputLength, finishFlush: zlib.constants.Z_SYNC_FLUSH }
  if (encoding === 'gzip' || encoding === 'x-gzip') return zlib.gunzipSync(body, options)
  if (encoding === 'br') return zlib.brotliDecompressSync(body, { maxOutputLength })
  if (encoding !== 'deflate') return body
  // `deflate` means zlib's format (RFC 9110, 8.4.1.2), but some servers send it bare: the first byte tells.
  const isZlib = ((body[0] as number) & 0x0f) === 8
  return isZlib ? zlib.inflateSync(body, options) : zlib.inflateRawSync(body, options)
}
