import { ErrorCodes } from './error-codes'

/**
 * The base of the errors that definitions throw; those have the names, codes and statuses of `@segment/actions-core`.
 * Waybill reads errors by shape (name, status, code), so those of any copy of either package mean the same.
 */
export class ActionError extends Error {
  constructor(message: string) {
    super(message)
    Object.defineProperty(this, 'name', {
      value: new.target.name,
      enumerable: false,
      configurable: true,
      writable: true,
    })
  }
}

/** A failure with a status of the action's choice; the status decides whether it is tried again. */
export class IntegrationError extends ActionError {
  status: number
  code: string
  constructor(message: string, code: string, status: number) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** A failure that passes: tried again. Default status 500. */
export class RetryableError extends ActionError {
  code: string = ErrorCodes.RETRYABLE_ERROR
  status: number
  constructor(message = '', status = 500) {
    super(message)
    this.status = status
  }
}

/** The credentials are refused. */
export class InvalidAuthenticationError extends ActionError {
  status = 401
  code: string
  constructor(message = '', code: string = ErrorCodes.INVALID_AUTHENTICATION) {
    super(message)
    this.code = code
  }
}

/** This event cannot be sent, and sending it again changes nothing. */
export class PayloadValidationError extends IntegrationError {
  constructor(message: string) {
    super(message, ErrorCodes.PAYLOAD_VALIDATION_FAILED, 400)
  }
}

/** The event does not say whether its person is in the audience. */
export class InvalidAudienceMembershipError extends IntegrationError {
  constructor(message: string) {
    super(message, ErrorCodes.INVALID_AUDIENCE_MEMBERSHIP, 400)
  }
}

/** The destination's API answered with this status. */
export class APIError extends IntegrationError {
  constructor(message: string, status: number) {
    super(message, status.toString(), status)
  }
}

/** The action gave up waiting by itself. */
export class SelfTimeoutError extends IntegrationError {
  constructor(message: string) {
    super(message, ErrorCodes.SELF_TIMEOUT, 408)
  }
}
