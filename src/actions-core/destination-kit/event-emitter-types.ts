export type * from '@segment/actions-core/destination-kit/event-emitter-types'
