import { WaybillError } from 'waybill'

/** The input cannot be opened, or ends or breaks off where it should not. What was read before it was delivered. */
export class InputError extends WaybillError {
  constructor(message: string, cause?: unknown) {
    super('UNREADABLE_INPUT', message, cause === undefined ? {} : { cause })
  }
}
