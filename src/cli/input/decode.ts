import { gunzip } from './gunzip'
import { gzipMagic } from './gzip-header'
import { InputError } from './input-error'
import { byteOrderMark, utf16Advice } from './text-encoding'

/** Formats that people mistake for what can be read, by the bytes they begin with, in hexadecimal. */
const unreadable: readonly (readonly [name: string, magic: string | RegExp, advice: string])[] = [
  ['a zip archive', '504b0304', 'unpack it first, or pipe it in: unzip -p FILE | waybill run'],
  ['zstd data', '28b52ffd', 'pipe it in: zstd -dc FILE | waybill run'],
  ['bzip2 data', '425a68', 'pipe it in: bzip2 -dc FILE | waybill run'],
  ['xz data', 'fd377a585a', 'pipe it in: xz -dc FILE | waybill run'],
  ['UTF-32 text', 'fffe0000', 'convert it to UTF-8 first: iconv -f UTF-32 -t UTF-8'],
  ['UTF-32 text', '0000feff', 'convert it to UTF-8 first: iconv -f UTF-32 -t UTF-8'],
  ['UTF-16 text', 'fffe', utf16Advice],
  ['UTF-16 text', 'feff', utf16Advice],
  // Without a byte order mark it shows by the zeros beside the first characters.
  ['UTF-16 text', /^[57]b00..00/, utf16Advice],
  ['UTF-16 text', /^00[57]b00/, utf16Advice],
  ['a Parquet file', '50415231', 'export the events as NDJSON'],
]

const longestMagic = 5
/** Data that was packed more often is a trap: some unpack to themselves. */
const maxPacked = 3

const startsWith = (bytes: Buffer, magic: Buffer) => bytes.subarray(0, magic.length).equals(magic)

/** Collects the first few bytes, then gives all chunks. */
async function* withHead(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of source) {
    if (head === undefined) yield chunk
    else {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      if (head.length >= longestMagic) {
        yield head
        head = undefined
      }
    }
  }
  if (head !== undefined && head.length > 0) yield head
}

async function* prefixed(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (;;) {
    const { done, value } = await rest.next()
    if (done) return
    yield value
  }
}

/**
 * Turns the bytes of an input into plain UTF-8 text in chunks: gzip is recognized by its first bytes, whatever the
 * file's name, and unpacked; a byte order mark is removed.
 * @throws InputError for formats that cannot be read, with what to do.
 */
export async function* decode(source: AsyncIterable<Buffer>, packed = 0): AsyncGenerator<Buffer> {
  const chunks = withHead(source)
  try {
    const { done, value: first } = await chunks.next()
    if (done) return
    if (startsWith(first, Buffer.from(gzipMagic))) {
      if (packed === maxPacked) throw new InputError(`this is packed more than ${maxPacked} times: unpack it`)
      yield* decode(gunzip(prefixed(first, chunks)), packed + 1)
      return
    }
    const head = first.subarray(0, longestMagic).toString('hex')
    for (const [name, magic, advice] of unreadable)
      if (typeof magic === 'string' ? head.startsWith(magic) : magic.test(head))
        throw new InputError(`this is ${name}, which cannot be read: ${advice}`)
    yield startsWith(first, byteOrderMark) ? first.subarray(byteOrderMark.length) : first
    yield* chunks
  } finally {
    await chunks.return(undefined)
  }
}
