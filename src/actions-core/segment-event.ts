export type { SegmentEvent } from '@segment/actions-core'
