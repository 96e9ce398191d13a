import { Destination } from '@segment/actions-core'
import { createRuntime, type Outcome, type SegmentEvent } from 'waybill'
import { emarsys } from 'waybill/destinations/emarsys'
import { type EmarsysEmulator, testKey } from 'waybill/emulators/emarsys'

type Settings = Readonly<Record<string, unknown>>

/** Delivers events one after the other with the preset; gives our outcomes, or what the reference threw. */
export type Deliver = (
  emulator: EmarsysEmulator,
  events: readonly SegmentEvent[],
  settings?: Settings,
) => Promise<readonly (Outcome | Error)[]>

const settingsFor = (emulator: EmarsysEmulator, settings: Settings | undefined) => ({
  apiKey: testKey,
  endpoint: emulator.endpoint,
  ...settings,
})

export const withWaybill: Deliver = async (emulator, events, settings) => {
  const runtime = createRuntime({
    connections: [
      { destination: emarsys, settings: settingsFor(emulator, settings), subscriptions: 'presets' },
    ],
  })
  try {
    const outcomes: Outcome[] = []
    // One after the other: messages of different people are sent side by side, and tests count on an order.
    for (const event of events) outcomes.push(...(await runtime.send([event])))
    return outcomes
  } finally {
    await runtime.close()
  }
}

const fields = emarsys.actions.send.fields as Record<string, { default?: unknown }>
const mapping = Object.fromEntries(
  Object.entries(fields).flatMap(([key, field]) =>
    field.default === undefined ? [] : [[key, field.default]],
  ),
)
/** The preset as Segment would store it. */
export const storedSubscriptions = (emarsys.presets ?? []).flatMap((preset) =>
  preset.type === 'automatic' ? [{ ...preset, mapping }] : [],
)

export const withReference: Deliver = async (emulator, events, settings) => {
  const destination = new Destination(emarsys)
  const all = { ...settingsFor(emulator, settings), subscriptions: storedSubscriptions }
  const errors: Error[] = []
  for (const event of events)
    await destination.onEvent(event as never, all as never).catch((error: Error) => errors.push(error))
  return errors
}

export const runtimes: [string, Deliver][] = [
  ['waybill', withWaybill],
  ['the reference', withReference],
]

let messages = 0

/** An event with what every message of Segment has; whatever is given goes over it. */
export const event = (type: string, members: Readonly<Record<string, unknown>> = {}): SegmentEvent => {
  messages += 1
  return { type, messageId: `message-${messages}`, timestamp: '2026-03-01T12:00:00.000Z', ...members }
}
