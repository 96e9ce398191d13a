import fc from 'fast-check'
import type { SegmentEvent } from 'waybill'
import type { ModelMessage, ModelRule } from './add-on-model'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const events = ['View', 'Add', 'Buy']
const id = (...ids: string[]) => fc.option(fc.constantFrom(...ids), { nil: undefined })

const minutes = fc.integer({ min: 1, max: 6 })
const rule: fc.Arbitrary<Omit<ModelRule, 'id'>> = fc.record(
  {
    steps: fc.array(
      fc.record(
        { event: fc.constantFrom(...events), count: fc.integer({ min: 1, max: 2 }), within: minutes },
        { requiredKeys: ['event'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    window: minutes,
    unless: fc.constantFrom(...events),
    repeat: fc.oneof(fc.constantFrom('once' as const, 'always' as const), minutes),
  },
  { requiredKeys: ['steps', 'repeat'] },
)

/** The page refuses a limit before the first step, and one that is longer than the window. */
const acceptable = (
  { steps, window = Infinity, ...rest }: Omit<ModelRule, 'id'>,
  index: number,
): ModelRule => ({
  ...rest,
  id: `rule ${index}`,
  ...(window === Infinity ? {} : { window }),
  steps: steps.map(({ within, ...step }, position) =>
    position === 0 || within === undefined ? step : { ...step, within: Math.min(within, window) },
  ),
})
/** Rules that the configuration page takes. */
export const anyRules = fc.array(rule, { maxLength: 3 }).map((all) => all.map(acceptable))

const body = fc
  .record(
    {
      type: fc.constantFrom('track', 'track', 'track', 'identify', 'page', 'screen'),
      minute: fc.integer({ min: 0, max: 9 }),
      anonymousId: id('a1', 'a2', 'a3'),
      userId: id('u1', 'u2', 'u3'),
      email: id('k1@example.com', 'K1@example.com', 'k2@example.com', 'k3@example.com'),
      event: fc.constantFrom(...events, 'view', 'ADD', 'Other'),
      value: fc.option(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constant(null)), {
        nil: undefined,
      }),
    },
    { requiredKeys: ['type', 'minute'] },
  )
  .filter(({ anonymousId, userId }) => anonymousId !== undefined || userId !== undefined)

/** Messages out of order, some of them again after a while. */
export const anySequence: fc.Arbitrary<ModelMessage[]> = fc
  .tuple(
    fc.array(body, { minLength: 4, maxLength: 20 }),
    fc.array(fc.tuple(fc.nat(19), fc.nat(25)), { maxLength: 4 }),
  )
  .map(([bodies, replays]) => {
    const messages = bodies.map((each, index) => ({ ...each, messageId: `m${index}` }))
    for (const [from, to] of replays) {
      const again = messages[from]
      if (again !== undefined) messages.splice(Math.max(to, from + 1), 0, again)
    }
    return messages
  })

/** A message as Segment sends it. */
export const eventOf = ({
  messageId,
  type,
  minute,
  anonymousId,
  userId,
  email,
  event,
  value,
}: ModelMessage): SegmentEvent =>
  JSON.parse(
    JSON.stringify({
      type,
      messageId,
      timestamp: new Date(start + minute * 60_000).toISOString(),
      anonymousId,
      userId,
      event,
      traits: { email },
      properties: { value },
    }),
  )
