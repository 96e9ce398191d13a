import type { Connection, Runtime } from 'waybill'
import type { Store } from 'waybill/queue'
import type { Gauge, ReadGauges } from 'waybill/telemetry'

type Options = {
  readonly store: Store
  readonly runtime: () => Runtime
  readonly connections: () => readonly Connection[]
  readonly sizeOf: () => { readonly bytes?: number }
}

const states = ['blocked', 'paused', 'delivering'] as const

/** What waits, what is dead, and how connections stand, for `/metrics` and OpenTelemetry. */
export function storeGauges({ store, runtime, sizeOf }: Options): ReadGauges {
  return async () => {
    const [stats, reasons] = await Promise.all([store.queue.stats(), store.queue.dead.reasons()])
    const gauges: Gauge[] = []
    const now = Date.now()
    for (const status of runtime().status()) {
      const lanes = stats.filter(({ connection }) => connection === status.name)
      const sum = (value: (lane: (typeof lanes)[number]) => number): number =>
        lanes.reduce((total, lane) => total + value(lane), 0)
      const ofConnection = { 'waybill.connection': status.name }
      const isHeld = status.block !== undefined || status.pause !== undefined
      const waiting = {
        ready: sum(({ ready, leased }) => ready + leased),
        retrying: sum(({ waiting: later }) => later),
      }
      const byState = isHeld
        ? {
            ready: 0,
            retrying: 0,
            held: status.pause === undefined ? waiting.ready + waiting.retrying : 0,
            paused: status.pause === undefined ? 0 : waiting.ready + waiting.retrying,
          }
        : { ...waiting, held: 0, paused: 0 }
      for (const [state, value] of Object.entries(byState))
        gauges.push({
          name: 'waybill.queue.events',
          value,
          attributes: { ...ofConnection, 'waybill.state': state },
        })
      const oldest = Math.min(...lanes.map(({ oldestReceivedAt }) => oldestReceivedAt ?? now))
      gauges.push({
        name: 'waybill.queue.oldest',
        value: Math.max(0, (now - oldest) / 1_000),
        attributes: ofConnection,
      })
      const current =
        status.block !== undefined ? 'blocked' : status.pause !== undefined ? 'paused' : 'delivering'
      for (const state of states)
        gauges.push({
          name: 'waybill.connection.state',
          value: state === current ? 1 : 0,
          attributes: { ...ofConnection, 'waybill.state': state },
        })
    }
    for (const { connection, reason, count } of reasons)
      gauges.push({
        name: 'waybill.dead_letters',
        value: count,
        attributes: { 'waybill.connection': connection, 'error.type': reason },
      })
    const { bytes } = sizeOf()
    if (bytes !== undefined) gauges.push({ name: 'waybill.store.size', value: bytes, attributes: {} })
    return gauges
  }
}
