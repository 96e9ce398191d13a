import { createGunzip } from 'node:zlib'
import { InputError } from './input-error'

/** Bytes of compressed data that are unpacked at a time, since they may become a thousand times as many. */
const stepBytes = 16 * 1024

const explain = (error: Error & { code?: string }, compressedBytes: number): InputError =>
  error.code === 'Z_BUF_ERROR'
    ? new InputError(
        `the gzip data is cut off after ${compressedBytes} bytes (compressed): get the whole file, then read it again`,
        error,
      )
    : new InputError(
        `the gzip data is damaged near byte ${compressedBytes} (compressed; ${error.message}): get the file again`,
        error,
      )

/**
 * Unpacks gzip data, of one or several members. Everything that could be unpacked is handed on before an error is
 * thrown, so that how much was read does not depend on timing.
 * @throws InputError where the data is damaged or cut off.
 */
export async function* gunzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const engine = createGunzip({ chunkSize: 64 * 1024 })
  let unpacked: Buffer[] = []
  let failure: Error | undefined
  let wake: (() => void) | undefined
  let compressedBytes = 0
  engine.on('data', (chunk: Buffer) => unpacked.push(chunk))
  engine.on('error', (error) => {
    failure = error
    wake?.()
  })
  const step = (run: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve
      run(resolve)
    })
  const take = () => {
    const chunks = unpacked
    unpacked = []
    return chunks
  }
  try {
    for await (const chunk of source)
      for (let start = 0; start < chunk.length; start += stepBytes) {
        const part = chunk.subarray(start, start + stepBytes)
        await step((done) => engine.write(part, () => done()))
        yield* take()
        if (failure !== undefined) throw explain(failure, compressedBytes)
        compressedBytes += part.length
      }
    await step((done) => {
      engine.once('end', done)
      engine.end()
    })
    yield* take()
    if (failure !== undefined) throw explain(failure, compressedBytes)
  } finally {
    engine.destroy()
  }
}
