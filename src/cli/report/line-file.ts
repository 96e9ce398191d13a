import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs'

/** A file to which whole lines are appended, and nothing else. */
export type LineFile = {
  /**
   * Appends lines. Gives how many of them are in the file: fewer where an error kept the others out, which is then
   * `failure`. A line is never in the file in part.
   */
  append(lines: readonly string[]): number
  /** Makes sure that everything is on the disk; takes a file away again that was made for nothing. */
  close(): void
  /** Why something could not be written, if so. */
  readonly failure: unknown
}

const newline = 0x0a

/** How many lines a text holds that is cut off after so many bytes, and where the last of them ends. */
function wholeLines(bytes: Buffer, written: number): { readonly count: number; readonly end: number } {
  let count = 0
  let end = 0
  for (let at = bytes.indexOf(newline); at !== -1 && at < written; at = bytes.indexOf(newline, at + 1)) {
    count += 1
    end = at + 1
  }
  return { count, end }
}

/**
 * Opens a file for appending; makes it, for its owner alone, where it is not there.
 * @throws the error of the file system. EEXIST where `isNew` and it is there.
 */
export function openLineFile(path: string, isNew: boolean): LineFile {
  const descriptor = openSync(path, isNew ? 'ax' : 'a', 0o600)
  const { size: firstLength } = fstatSync(descriptor)
  let length = firstLength
  let failure: unknown

  function writeAll(bytes: Buffer): number {
    let written = 0
    try {
      const { nlink } = fstatSync(descriptor)
      if (nlink === 0) throw new Error('the file was removed while it was written to')
      while (written < bytes.length) written += writeSync(descriptor, bytes, written)
    } catch (error) {
      failure = error
    }
    return written
  }

  return {
    append(lines) {
      if (failure !== undefined) return 0
      const bytes = Buffer.from(lines.join(''))
      const written = writeAll(bytes)
      const { count, end } =
        failure === undefined ? { count: lines.length, end: written } : wholeLines(bytes, written)
      length += end
      if (end < written) cutTo(descriptor, length)
      return count
    },
    close() {
      try {
        const status = fstatSync(descriptor)
        if (status.isFile()) fsyncSync(descriptor)
        if (isNew && status.isFile() && status.size === 0) unlinkSync(path)
      } catch (error) {
        failure ??= error
      }
      try {
        closeSync(descriptor)
      } catch (error) {
        failure ??= error
      }
    },
    get failure() {
      return failure
    },
  }
}

/** Takes away the beginning of a line. Where that is impossible, as on a pipe, there is nothing to mend. */
function cutTo(descriptor: number, length: number): void {
  try {
    if (fstatSync(descriptor).isFile()) ftruncateSync(descriptor, length)
  } catch {
    // The error that led here is told already.
  }
}
