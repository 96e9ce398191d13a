export { QueueError } from '../errors'
export type { AttemptRecord, Delivery } from './delivery'
export { problemOf } from './delivery-problem'
export {
  createMemoryQueue,
  createMemoryStore,
  type MemoryStoreOptions,
} from './memory/create-memory-store'
export type {
  Claimed,
  ClaimOptions,
  DeadCount,
  DeadFilter,
  DeadLetter,
  DeadLetters,
  DeadPage,
  Durability,
  Lane,
  LaneStats,
  PageOptions,
  PutOptions,
  PutResult,
  Queue,
  Settlement,
} from './queue'
export { createSlotQueue, type SlotQueueOptions } from './slots/create-slot-queue'
export type {
  EndedDelivery,
  Journey,
  State,
  Store,
  StoreReader,
  Tokens,
  WaitingDeliveries,
  WaitingDelivery,
  WaitingFilter,
  WaitingPage,
  WaitingState,
} from './store'
