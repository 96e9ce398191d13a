export {
  CustomErrorCodes,
  ErrorCodes,
  getErrorCodeFromHttpStatus,
  HttpErrorCodes,
  MultiStatusErrorReporter,
} from '../actions-core/error-codes'
export {
  APIError,
  IntegrationError,
  InvalidAudienceMembershipError,
  InvalidAuthenticationError,
  PayloadValidationError,
  RetryableError,
  SelfTimeoutError,
} from '../actions-core/errors'
