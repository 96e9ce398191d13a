export type {
  ActionDefinition,
  ActionHookResponse,
  AudienceDestinationDefinition,
  AudienceMembership,
  AuthenticationScheme,
  BaseActionDefinition,
  BaseDefinition,
  BasicAuthentication,
  CustomAuthentication,
  DecoratedResponse,
  DestinationDefinition,
  DynamicFieldError,
  DynamicFieldItem,
  DynamicFieldResponse,
  ExecuteInput,
  Features,
  GlobalSetting,
  InputField,
  JSONArray,
  JSONLike,
  JSONLikeObject,
  JSONObject,
  JSONPrimitive,
  JSONValue,
  Logger,
  MinimalInputField,
  ModifiedResponse,
  OAuth2Authentication,
  OAuth2ClientCredentials,
  OAuthManagedAuthentication,
  Preset,
  RefreshAccessTokenResult,
  RequestClient,
  RequestExtension,
  RequestFn,
  RequestOptions,
  Result,
  SegmentEvent,
  StateContext,
  StatsContext,
  Subscription,
  SubscriptionStats,
  SyncModeDefinition,
  WarehouseDestinationDefinition,
} from '@segment/actions-core'
export { resolveAudienceMembership } from '../contract/audience-membership'
export { getAuthData } from '../contract/auth-data'
export {
  CustomErrorCodes,
  ErrorCodes,
  getErrorCodeFromHttpStatus,
  HttpErrorCodes,
} from '../contract/error-codes'
export {
  APIError,
  IntegrationError,
  InvalidAudienceMembershipError,
  InvalidAuthenticationError,
  PayloadValidationError,
  RetryableError,
  SelfTimeoutError,
} from '../contract/errors'
export { FLAGS } from '../contract/flags'
export {
  ActionDestinationErrorResponse,
  ActionDestinationSuccessResponse,
  MultiStatusResponse,
} from '../contract/multi-status'
export { createRequestClient } from './create-request-client'
export { fieldsToJsonSchema } from './destination-kit/fields-to-jsonschema'
export { createTestEvent } from './internal/create-test-event'
export { createTestIntegration } from './internal/create-test-integration'
export { defaultValues } from './internal/defaults'
export type {
  AsyncActionDefinition,
  AsyncBatchResponse,
  PollPayload,
  PollResponse,
} from './internal/destination-kit/async-action'
export { Destination } from './internal/destination-kit/destination'
export { fetch, Headers, Request, Response } from './internal/fetch'
export { get } from './internal/get'
export { omit } from './internal/omit'
export { isArray, isObject, isString, realTypeOf } from './internal/real-type-of'
export { removeUndefined } from './internal/remove-undefined'
export { retry } from './internal/retry'
export { duration, time } from './internal/time'
export { transform } from './mapping-kit'
export type {
  ArrayPathDirective,
  CaseDirective,
  Directive,
  DirectiveMetadata,
  FieldValue,
  IfDirective,
  JSONDirective,
  LiteralDirective,
  PathDirective,
  PrimitiveValue,
  ReplaceDirective,
  TemplateDirective,
} from './mapping-kit/value-keys'
export {
  getFieldValue,
  getFieldValueKeys,
  isArrayPathDirective,
  isCaseDirective,
  isDirective,
  isExcludeWhenNullDirective,
  isIfDirective,
  isJSONDirective,
  isLiteralDirective,
  isPathDirective,
  isReplaceDirective,
  isTemplateDirective,
} from './mapping-kit/value-keys'
export { createInstance, DEFAULT_REQUEST_TIMEOUT, HTTPError, RequestTimeoutError } from './request-client'
export { validateSchema } from './schema-validation'
