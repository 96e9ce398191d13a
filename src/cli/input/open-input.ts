import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import type { Terminal } from '../terminal'
import { fileProblem } from './file-problem'

/** An input that is ready to be read. */
export type OpenInput = {
  /** As the user named it; `standard input` without a file. */
  readonly name: string
  /** False for standard input. */
  readonly isFile: boolean
  /** Size of the file, as it lies there; undefined for a pipe. */
  readonly totalBytes?: number
  readonly chunks: AsyncIterable<Buffer>
  /** Bytes of the file that were read so far. */
  readonly bytesRead: number
}

const chunkBytes = 256 * 1024

function counted(
  name: string,
  isFile: boolean,
  source: AsyncIterable<Buffer>,
  totalBytes?: number,
): OpenInput {
  let bytesRead = 0
  async function* chunks() {
    for await (const chunk of source) {
      bytesRead += chunk.length
      yield chunk
    }
  }
  return {
    name,
    isFile,
    ...(totalBytes !== undefined && { totalBytes }),
    chunks: chunks(),
    get bytesRead() {
      return bytesRead
    },
  }
}

/**
 * Opens a file, or standard input where none is named (or `-`). `option` is the one that names the file.
 * @throws ConfigurationError when there is no such file, or nothing is piped in.
 */
export async function openInput(
  file: string | undefined,
  terminal: Terminal,
  option = '--input',
): Promise<OpenInput> {
  if (file === undefined || file === '-') {
    if (terminal.stdin.isInteractive)
      throw new ConfigurationError(
        'INVALID_CONFIGURATION',
        `there is nothing to read: name a file with ${option} FILE, or pipe events in`,
      )
    return counted('standard input', false, terminal.stdin.chunks)
  }
  const path = resolve(terminal.workingDirectory, file)
  try {
    const status = await stat(path)
    if (status.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    const stream = createReadStream(path, { highWaterMark: chunkBytes })
    await new Promise((opened, failed) => stream.once('open', opened).once('error', failed))
    return counted(file, true, stream, status.isFile() ? status.size : undefined)
  } catch (error) {
    throw new ConfigurationError('INVALID_CONFIGURATION', `${option} ${file}: ${fileProblem(error)}`, {
      cause: error,
    })
  }
}
