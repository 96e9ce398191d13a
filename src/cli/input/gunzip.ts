import { crc32 } from 'node:zlib'
import { type ByteSource, createByteSource } from './byte-source'
import { readGzipHeader } from './gzip-header'
import { createMemberInflater } from './inflate-member'
import { InputError } from './input-error'

/** Bytes of compressed data that are unpacked at a time, since they may become a thousand times as many. */
const stepBytes = 16 * 1024
/** Headers are a few bytes, or a name; longer ones are no headers. */
const maxHeaderBytes = 128 * 1024
const trailerBytes = 8

const isPadding = (byte: number): boolean =>
  byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09

const damaged = (position: number, what: string, cause?: unknown): InputError =>
  new InputError(
    `the gzip data is damaged near byte ${position} (compressed; ${what}): get the file again`,
    cause,
  )

/** The data ends within a member: everything that has arrived is counted. */
const cutOff = ({ position, bytes }: ByteSource): InputError =>
  new InputError(
    `the gzip data is cut off after ${position + bytes.length} bytes (compressed): get the whole file, then read it again`,
  )

/** Passes over the header of a member. False where none begins. */
async function passHeader(source: ByteSource): Promise<boolean> {
  for (;;) {
    const header = readGzipHeader(source.bytes)
    if (header === 'wrong') return false
    if (header !== 'incomplete') {
      source.take(header.length)
      return true
    }
    if (source.bytes.length > maxHeaderBytes) return false
    if (!(await source.more())) throw cutOff(source)
  }
}

/** Unpacks the data of a member, and compares it with its trailer. */
async function* readMember(source: ByteSource): AsyncGenerator<Buffer> {
  const inflater = createMemberInflater()
  let checksum = 0
  let length = 0
  try {
    while (!inflater.isComplete) {
      if (source.bytes.length === 0 && !(await source.more())) throw cutOff(source)
      let failure: Error | undefined
      const used = await inflater.write(source.bytes.subarray(0, stepBytes)).catch((error: Error) => {
        failure = error
        return 0
      })
      for (const chunk of inflater.take()) {
        checksum = crc32(chunk, checksum)
        length += chunk.length
        yield chunk
      }
      if (failure !== undefined) throw damaged(source.position, failure.message, failure)
      source.take(used)
    }
  } finally {
    inflater.destroy()
  }
  if (!(await source.atLeast(trailerBytes))) throw cutOff(source)
  const trailer = source.take(trailerBytes)
  if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== length % 2 ** 32)
    throw damaged(source.position, 'what was unpacked does not fit its checksum')
}

/** Passes over zeros and newlines, as tapes and shells append them. False at the end of the input. */
async function passPadding(source: ByteSource): Promise<boolean> {
  for (;;) {
    const end = source.bytes.findIndex((byte) => !isPadding(byte))
    source.take(end === -1 ? source.bytes.length : end)
    if (end !== -1) return true
    if (!(await source.more())) return false
  }
}

/**
 * Unpacks gzip data of one or several members, with or without padding after each. Everything that could be unpacked
 * is handed on before an error is thrown, so that how much was read does not depend on timing.
 * @throws InputError where the data is damaged or cut off, or where something else follows it.
 */
export async function* gunzip(chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  const source = createByteSource(chunks)
  if (!(await passHeader(source))) throw damaged(source.position, 'its header cannot be read')
  do {
    yield* readMember(source)
    if (!(await passPadding(source))) return
  } while (await passHeader(source))
  throw new InputError(
    `the gzip data ends at byte ${source.position} (compressed), and what follows is no gzip data: all that was packed has been read, the bytes after it have not`,
  )
}
