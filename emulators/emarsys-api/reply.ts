import type { EmulatorAnswer } from 'waybill/testing'

/** The vendor's envelope. */
export const reply = (data: unknown): EmulatorAnswer => ({
  status: 200,
  body: { replyCode: 0, replyText: 'OK', data },
})

/** A refused request: `data` degrades to an empty text. */
export const refusal = (status: number, replyCode: number, replyText: string): EmulatorAnswer => ({
  status,
  body: { replyCode, replyText, data: '' },
})

export type Values = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Errors of rows: by the value of the key, then by the code. */
export type RowErrors = Record<string, Record<string, string>>

/** The row's key is not known, and nor is any other's: the error concerns all rows. */
export const noKeyId = '<NO_KEY_ID>'
