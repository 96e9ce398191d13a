import { isUtf8 } from 'node:buffer'

/** A record of the input that is no event. */
export type MalformedRecord = {
  /** Line on which it begins, from 1. */
  readonly line: number
  /** Its number among the records, from 1. */
  readonly record: number
  readonly problem: string
  /** The record itself, if it is UTF-8 text; of one that is too long only the beginning. */
  readonly text?: string
  /** The bytes of a record that is no text, so that nothing of it is changed. */
  readonly base64?: string
  /** Length of the whole record, if `text` is only its beginning. */
  readonly bytes?: number
}

/** Describes a record by a copy of its bytes. */
export const malformedRecord = (
  content: Buffer,
  where: Pick<MalformedRecord, 'line' | 'record' | 'problem'>,
): MalformedRecord => ({
  ...where,
  ...(isUtf8(content) ? { text: content.toString('utf8') } : { base64: content.toString('base64') }),
})
