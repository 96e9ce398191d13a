import { createRuntime, type Outcome, type RuntimeOptions, type SegmentEvent } from 'waybill'
import { type Emulator, type EmulatorAnswer, type EmulatorRequest, startEmulator } from 'waybill/testing'

/** A vendor on loopback for the tests of one file; `answer` is what a test makes of it. */
export function useVendor() {
  const vendor = {
    emulator: undefined as unknown as Emulator,
    answer: (_request: EmulatorRequest): EmulatorAnswer | Promise<EmulatorAnswer> => ({ status: 200 }),
    /** Bodies of the requests to a path, parsed. */
    bodies: (path: string): unknown[] =>
      vendor.emulator.requests
        .filter((request) => request.path === path)
        .map(({ body }) => (body.length > 0 ? JSON.parse(body.toString()) : undefined)),
  }
  beforeEach(async () => {
    vendor.answer = () => ({ status: 200 })
    vendor.emulator = await startEmulator({ handle: (request) => vendor.answer(request) })
  })
  afterEach(() => vendor.emulator.close())
  return vendor
}

/** A track event with a message id made of its name. */
export const track = (name: string, more: object = {}): SegmentEvent => ({
  type: 'track',
  event: name,
  messageId: `m-${name}`,
  ...more,
})

/** Sends events through a runtime that is closed afterwards. */
export async function send(options: RuntimeOptions, events: readonly SegmentEvent[]): Promise<Outcome[]> {
  const runtime = createRuntime(options)
  try {
    return await runtime.send(events)
  } finally {
    await runtime.close()
  }
}

export const kindsOf = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ kind }) => kind)
