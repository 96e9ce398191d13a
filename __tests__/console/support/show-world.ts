// Shows a console with some trouble, for screenshots: `node --conditions=waybill-source -r __tests__/support/register-typescript.js __tests__/console/support/show-world.ts PORT`.
import type { SegmentEvent } from 'waybill'
import { createEventStream } from 'waybill/testing'
import { startWorld, type WorldConnection } from './console-world'

/** Five connections: one with a wrong key, one that is asked to slow down, one with invalid orders, one paused. */
export async function startTroubledWorld(port = 0) {
  let path = '$.properties.order_id'
  const connections = (): readonly WorldConnection[] => [
    { name: 'Zendesk Connect', slug: 'zendesk-connect', settings: { apiKey: 'f'.repeat(32) } },
    { name: 'Emarsys', slug: 'emarsys' },
    {
      name: 'Zaius',
      slug: 'zaius',
      subscriptions: [
        {
          name: 'Orders',
          action: 'orderEvent',
          filter: 'type = "track" and event = "Order Completed"',
          mapping: {
            action: 'purchase',
            order_id: { '@path': path },
            total: { '@path': '$.properties.total' },
            identifiers: { user_id: { '@path': '$.userId' } },
            timestamp: { '@path': '$.timestamp' },
            message_id: { '@path': '$.messageId' },
          },
        },
        { name: 'Events', action: 'trackEvent', filter: 'type = "track" and event != "Order Completed"' },
      ],
    },
    { name: 'Warehouse', slug: 'zaius' },
    { name: 'CRM staging', slug: 'emarsys' },
  ]
  const world = await startWorld({
    port,
    environment: 'production',
    connections: connections(),
    reload() {
      // Somebody has mended the mapping.
      path = '$.properties.orderId'
      return connections()
    },
  })
  world.runtime.pause('CRM staging', 'ada')
  return world
}

/** Keeps it busy until the signal fires. */
export async function keepBusy(
  world: Awaited<ReturnType<typeof startTroubledWorld>>,
  signal: AbortSignal,
  perTick = 12,
): Promise<void> {
  const stream = createEventStream({ seed: 7, count: Number.MAX_SAFE_INTEGER })
  let turn = 0
  while (!signal.aborted) {
    const events: SegmentEvent[] = []
    while (events.length < perTick) {
      turn += 1
      const { value } = stream.next()
      events.push(
        withoutOrderId(
          { ...value, messageId: `m-${turn.toString(16).padStart(6, '0')}` } as SegmentEvent,
          turn,
        ),
      )
    }
    await world.send(events)
    if (turn % 120 < perTick)
      world.vendors.get('emarsys')?.inspection?.emulator.fault({
        status: 429,
        retryAfter: 20,
        times: 6,
        body: { replyCode: 10001, replyText: 'Too many requests' },
      })
    const pause = 300 + 150 * Math.sin(turn / 900) + 100 * Math.random()
    await new Promise((done) => setTimeout(done, pause))
  }
}

/** Some orders have no order_id: most of them spell it otherwise. */
function withoutOrderId(event: SegmentEvent, turn: number): SegmentEvent {
  if (event.event !== 'Order Completed' || turn % 2 === 0) return event
  const { order_id, ...properties } = event.properties as { order_id?: string }
  return { ...event, properties: turn % 7 === 0 ? properties : { orderId: order_id, ...properties } }
}

if (require.main === module) {
  const controller = new AbortController()
  process.on('SIGTERM', () => process.exit(0))
  startTroubledWorld(Number(process.argv[2] ?? 0)).then(async (world) => {
    console.log(world.url)
    await keepBusy(world, controller.signal)
  })
}
