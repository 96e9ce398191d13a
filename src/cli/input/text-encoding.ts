import { isUtf8 } from 'node:buffer'
import { InputError } from './input-error'

/** What some programs put before a text of UTF-8. */
export const byteOrderMark = Buffer.from('\uFEFF')

/** What to do with a text of UTF-16. */
export const utf16Advice = 'convert it to UTF-8 first: iconv -f UTF-16 -t UTF-8'

const marksOfUtf16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])]

/** Says what is wrong with bytes that should be JSON in UTF-8, if something is. JSON holds no zero bytes. */
export function encodingProblem(bytes: Buffer): string | undefined {
  const isMarked = marksOfUtf16.some((mark) => bytes.subarray(0, 2).equals(mark))
  if (isMarked || bytes.subarray(0, 1024).includes(0))
    return `not UTF-8 but, as it seems, UTF-16 text: ${utf16Advice}`
  return isUtf8(bytes)
    ? undefined
    : 'not valid UTF-8: convert it first, such as with iconv -f LATIN1 -t UTF-8'
}

/**
 * The text of chunks that may end within a character.
 * @throws InputError where it is not UTF-8, rather than giving a damaged text.
 */
export async function* strictText(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const decoded = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch (error) {
      throw new InputError('not valid UTF-8: convert it first, such as with iconv -f LATIN1 -t UTF-8', error)
    }
  }
  for await (const chunk of chunks) yield decoded(chunk)
  yield decoded()
}
