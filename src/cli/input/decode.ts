import { gunzip } from './gunzip'
import { InputError } from './input-error'

/** Formats that people mistake for what can be read, by the bytes they begin with. */
const unreadable: readonly (readonly [name: string, magic: string, advice: string])[] = [
  ['a zip archive', '504b0304', 'unpack it first, or pipe it in: unzip -p FILE | waybill run'],
  ['zstd data', '28b52ffd', 'pipe it in: zstd -dc FILE | waybill run'],
  ['bzip2 data', '425a68', 'pipe it in: bzip2 -dc FILE | waybill run'],
  ['xz data', 'fd377a585a', 'pipe it in: xz -dc FILE | waybill run'],
  ['UTF-16 text', 'fffe', 'convert it to UTF-8 first: iconv -f UTF-16 -t UTF-8'],
  ['UTF-16 text', 'feff', 'convert it to UTF-8 first: iconv -f UTF-16 -t UTF-8'],
  ['a Parquet file', '50415231', 'export the events as NDJSON'],
]

const gzipMagic = '1f8b'
const byteOrderMark = 'efbbbf'
const longestMagic = 5

const startsWith = (bytes: Buffer, magic: string) =>
  bytes.subarray(0, magic.length / 2).toString('hex') === magic

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
export async function* decode(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = withHead(source)
  try {
    const { done, value: first } = await chunks.next()
    if (done) return
    if (startsWith(first, gzipMagic)) {
      yield* decode(gunzip(prefixed(first, chunks)))
      return
    }
    for (const [name, magic, advice] of unreadable)
      if (startsWith(first, magic)) throw new InputError(`this is ${name}, which cannot be read: ${advice}`)
    yield startsWith(first, byteOrderMark) ? first.subarray(3) : first
    yield* chunks
  } finally {
    await chunks.return(undefined)
  }
}
