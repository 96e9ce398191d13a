import { Destination } from '@segment/actions-core'
import { createRuntime, type Outcome, type RuntimeOptions, type SegmentEvent } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import type { ZaiusEmulator } from 'waybill/emulators/zaius'
import { defaultMapping } from '../../support/default-mapping'

/** Sends events to an emulator and says how many were delivered. */
export type Send = (events: readonly SegmentEvent[], settings?: Record<string, unknown>) => Promise<number>

const connected = (emulator: ZaiusEmulator, settings: Record<string, unknown>) => ({
  apiKey: emulator.publicKey,
  endpoint: emulator.url,
  ...settings,
})

/** All events at once, in batches, with what the presets say. */
export async function outcomesOf(
  emulator: ZaiusEmulator,
  events: readonly SegmentEvent[],
  settings: Record<string, unknown> = {},
  options: Partial<RuntimeOptions> = {},
): Promise<Outcome[]> {
  const runtime = createRuntime({
    // The documented rate would make a test of many requests wait.
    limits: { requestsPerSecond: 1000 },
    ...options,
    connections: [{ destination: zaius, settings: connected(emulator, settings), subscriptions: 'presets' }],
  })
  const outcomes = await runtime.send(events as SegmentEvent[])
  await runtime.close()
  return outcomes
}

const withWaybill =
  (emulator: ZaiusEmulator): Send =>
  async (events, settings) =>
    (await outcomesOf(emulator, events, settings)).filter(({ kind }) => kind === 'delivered').length

const withReference =
  (emulator: ZaiusEmulator): Send =>
  async (events, settings = {}) => {
    const subscriptions = (zaius.presets ?? []).map((preset) => ({
      ...preset,
      mapping: {
        ...defaultMapping(zaius.actions[preset.partnerAction as 'trackEvent']),
        ...preset.mapping,
      },
    }))
    const before = emulator.requestCount
    for (const event of events)
      await new Destination(zaius).onEvent(
        event as never,
        { ...connected(emulator, settings), subscriptions } as never,
      )
    return emulator.requestCount - before
  }

/** Both runtimes, for `describe.each`. */
export const runtimes = [
  ['waybill', withWaybill],
  ['the reference', withReference],
] as const
