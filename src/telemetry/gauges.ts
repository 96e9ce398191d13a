import type { Attributes } from './tally'

export const gaugeNames = [
  'waybill.queue.events',
  'waybill.queue.oldest',
  'waybill.connection.state',
  'waybill.dead_letters',
  'waybill.store.size',
] as const
export type GaugeName = (typeof gaugeNames)[number]

/** Something that has a size now. Ages in seconds, sizes in bytes. */
export type Gauge = { readonly name: GaugeName; readonly value: number; readonly attributes: Attributes }

/** Reads all gauges. */
export type ReadGauges = () => Promise<readonly Gauge[]>
