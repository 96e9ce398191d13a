export { checkDefinition } from './definition/check'
export type {
  DefinedDestination,
  DestinationExtensions,
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
export type { Classify, DeliveryNotes, Failure } from './definition/execute-input'
export type { ErrorCode } from './errors'
export {
  ClosedError,
  ConfigurationError,
  DefinitionError,
  errorTable,
  isWaybillError,
  WaybillError,
} from './errors'
export type { SegmentEvent } from './event'
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
