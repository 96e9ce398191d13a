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
export { resolveAudienceMembership } from '../actions-core/audience-membership'
export { getAuthData } from '../actions-core/auth-data'
export {
  CustomErrorCodes,
  ErrorCodes,
  getErrorCodeFromHttpStatus,
  HttpErrorCodes,
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
export {
  ActionDestinationErrorResponse,
  ActionDestinationSuccessResponse,
  MultiStatusResponse,
} from '../actions-core/multi-status'
export { createRequestClient } from './create-request-client'
export { createTestEvent } from './create-test-event'
export { createTestIntegration } from './create-test-integration'
export { defaultValues } from './defaults'
export type {
  AsyncActionDefinition,
  AsyncBatchResponse,
  PollPayload,
  PollResponse,
} from './destination-kit/async-action'
export { Destination } from './destination-kit/destination'
export { fieldsToJsonSchema } from './destination-kit/fields-to-jsonschema'
export { fetch, Headers, Request, Response } from './fetch'
export { FLAGS } from './flags'
export { get } from './get'
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
export { omit } from './omit'
export { isArray, isObject, isString, realTypeOf } from './real-type-of'
export { removeUndefined } from './remove-undefined'
export { createInstance, DEFAULT_REQUEST_TIMEOUT, HTTPError, RequestTimeoutError } from './request-client'
export { retry } from './retry'
export { validateSchema } from './schema-validation'
export { duration, time } from './time'
