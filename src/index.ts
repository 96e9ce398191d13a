/** The reference's types, under which definitions are known; here so that declarations can name them. */
export type {
  ActionDefinition,
  DestinationDefinition,
  DynamicFieldResponse,
  RequestClient,
} from '@segment/actions-core'
export {
  CustomErrorCodes,
  ErrorCodes,
  getErrorCodeFromHttpStatus,
  HttpErrorCodes,
} from './contract/error-codes'
export {
  APIError,
  IntegrationError,
  InvalidAudienceMembershipError,
  InvalidAuthenticationError,
  PayloadValidationError,
  RetryableError,
  SelfTimeoutError,
} from './contract/errors'
export {
  ActionDestinationErrorResponse,
  ActionDestinationSuccessResponse,
  type BatchInput,
  createMultiStatus,
  type MultiStatus,
  MultiStatusResponse,
} from './contract/multi-status'
export { checkDefinition } from './definition/check'
export type {
  DefinedDestination,
  DestinationExtensions,
  FieldsOf,
  PayloadOf,
  SettingsOf,
} from './definition/define'
export { defineAction, defineDestination, defineFields, defineSettings } from './definition/define'
export {
  arrayPath,
  changeCase,
  excludeWhenNull,
  firstOf,
  flatten,
  json,
  liquid,
  literal,
  merge,
  path,
  replace,
  template,
  transform,
} from './definition/directives'
export type {
  ActionState,
  Classify,
  DeliveryNotes,
  Failure,
  JobReport,
  Submission,
} from './definition/execute-input'
export { readTime } from './definition/read-time'
export {
  type BatchItem,
  type BatchPlan,
  type BodyContext,
  headerOf,
  type ItemResponse,
  noResponseMark,
  responseOf,
  sendInBatches,
} from './definition/send-in-batches'
export { createRedact, type Redact } from './delivery/request/redact'
export { secretsOf } from './delivery/request/secrets-of'
export type { ErrorCode, Problem } from './errors'
export {
  ClosedError,
  ConfigurationError,
  DefinitionError,
  errorTable,
  isWaybillError,
  QueueError,
  WaybillError,
} from './errors'
export type { SegmentEvent } from './event'
export type { FailureExplainer } from './explain/create-failure-explainer'
export type { ExplainOptions, Explanation, SubscriptionExplanation } from './explain/explain'
export type { ExplainedRequest } from './explain/explained-request'
export type { EndedAttempt, ReplayJudge, ReplayVerdict } from './explain/replay-judge'
export type { ValueChange } from './explain/trace-changes'
export type { FieldTrace } from './explain/trace-fields'
export type { FilterTrace } from './explain/trace-filter'
export type { NodeTrace } from './explain/trace-node'
export { createFailureExplainer, createReplayJudge, createRuntime, explain, lint } from './lazy'
export type { Finding, LintRule, Severity } from './lint/finding'
export { lintRules } from './lint/finding'
export type { LintConnection, LintInput } from './lint/lint'
export { didYouMean } from './nearest'
export type {
  Blocked,
  Delivered,
  DeliveryNote,
  FaultOwner,
  FieldProblem,
  Invalid,
  Outcome,
  OutcomeKind,
  Rejected,
  Retry,
  Skipped,
  SkipReason,
  Unknown,
} from './outcome'
export { outcomeKinds } from './outcome'
export { classifyPartnerAnswer } from './partner-endpoint/classify-partner-answer'
export { type PartnerMessage, partnerAddress, partnerHeaders } from './partner-endpoint/partner-request'
export { deletionMessage, postDeletion } from './partner-endpoint/post-deletion'
export { postMessage } from './partner-endpoint/post-message'
export { postMessages } from './partner-endpoint/post-messages'
export { type PartnerAccount, partnerEndpointSettings } from './partner-endpoint/settings'
export type { AttemptRecord } from './queue/delivery'
export type { CloseOptions, Runtime } from './runtime/create-runtime'
export { defineConfig, type WaybillConfig } from './runtime/define-config'
export type { AttemptReport, RequestReport } from './runtime/dispatch/attempt-report'
export type { Block } from './runtime/dispatch/blocks'
export type { Only } from './runtime/dispatch/route'
export type { ConnectionStatus } from './runtime/dispatch/status'
export type { SubscriptionTotals, Totals } from './runtime/dispatch/totals'
export type { AudienceId, ExistingAudience, NewAudience } from './runtime/operations/audiences'
export type { ConnectionOperations } from './runtime/operations/connection-operations'
export type { Person } from './runtime/operations/delete-person'
export type { DynamicFieldChoices, DynamicFieldRequest } from './runtime/operations/dynamic-field'
export type { HookName } from './runtime/operations/find'
export type { OperationFailure, OperationResult } from './runtime/operations/operation'
export type { HookRequest, HookValue } from './runtime/operations/run-hook'
export type { AuthenticationResult } from './runtime/operations/test-authentication'
export type {
  ActionContext,
  BatchOptions,
  Clock,
  Connection,
  Limits,
  NetworkOptions,
  PollingOptions,
  RetryOptions,
  RuntimeListeners,
  RuntimeOptions,
  SubscriptionConfiguration,
} from './runtime/options'
export type { PutOptions, PutReport } from './runtime/put'
export type { ConnectionSummary, RuntimeConnections } from './runtime/runtime-connections'
export type { SendOptions } from './runtime/send'
export type { EventSource, StreamOptions } from './runtime/stream'
export type { WorkOptions } from './runtime/work/work'
