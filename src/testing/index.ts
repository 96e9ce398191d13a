export { type ConformanceOptions, testDestination } from './conformance/test-destination'
export {
  type DemoVendor,
  deliveredBy,
  type StartDemoVendor,
  type VendorCheck,
  type VendorInspection,
  type VendorTable,
  type VendorView,
} from './emulator/demo-vendor'
export type {
  Emulator,
  EmulatorAnswer,
  EmulatorFault,
  EmulatorHandler,
  EmulatorRequest,
  LoggedRequest,
} from './emulator/emulator-types'
export { type EmulatorOptions, startEmulator } from './emulator/start-emulator'
export { type Platform, platforms } from './events/context'
export type { EngageCall } from './events/engage'
export { createEventStream, type EventStreamOptions } from './events/event-stream'
export type { CommonFields, Overrides } from './events/message'
export type { Address, Person } from './events/person'
export type { Product } from './events/product'
export { createRandom, type Random } from './events/random'
export {
  type AliasEvent,
  createSampleEvents,
  type EngageEvent,
  type GroupEvent,
  type IdentifyEvent,
  type PageEvent,
  type SampleEvents,
  type SampleOptions,
  type ScreenEvent,
  type TrackEvent,
} from './events/sample-events'
export { type PropertiesOf, type SemanticEventName, semanticEventNames } from './events/semantic-events'
export type { StreamEvent } from './events/stream/visitor'
export type { ActionOptions, AnyDestination, HarnessOptions } from './harness/harness-options'
export type { Reply, ReplyRule } from './harness/reply'
export { type SampleField, sampleSettings, sampleValue } from './harness/sample-value'
export type { TestFramework } from './harness/test-framework'
export { type QueueTestOptions, testQueue } from './queue/test-queue'
export { type SampleRequest, sampleRequests } from './samples/sample-requests'
export { type SnapshotOptions, snapshotDestination } from './snapshots/snapshot-destination'
