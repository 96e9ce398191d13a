import fc from 'fast-check'
import { personChains } from '../../../src/partner-endpoint/person-chains'

type Message = { userId?: string | null; anonymousId?: string }

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const message = fc.record(
  { userId: fc.option(id), anonymousId: id },
  { requiredKeys: [] },
) as fc.Arbitrary<Message>

/** Whether two positions are connected, by walking from message to message. */
function isConnected(messages: readonly Message[], from: number, to: number): boolean {
  const ids = (position: number) =>
    [messages[position]?.userId, messages[position]?.anonymousId].filter(Boolean)
  const reached = new Set([from])
  for (const position of reached)
    messages.forEach((_, other) => {
      if (ids(position).some((known) => ids(other).includes(known))) reached.add(other)
    })
  return reached.has(to)
}

test('two messages are in one chain exactly when ids connect them, and chains keep the order', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
      const chains = personChains(messages)
      expect(chains.flat().sort((a, b) => a - b)).toEqual(messages.map((_, position) => position))
      const chainOf = (position: number) => chains.findIndex((chain) => chain.includes(position))
      for (const chain of chains) expect(chain).toEqual([...chain].sort((a, b) => a - b))
      messages.forEach((_, a) => {
        messages.forEach((__, b) => {
          expect(chainOf(a) === chainOf(b)).toBe(isConnected(messages, a, b))
        })
      })
    }),
  )
})

test('thousands of messages of one person do not exhaust the stack', () => {
  const messages = Array.from({ length: 20_000 }, (_, index) => ({
    userId: `u${index}`,
    anonymousId: `u${index + 1}`,
  }))
  expect(personChains(messages)).toHaveLength(1)
  expect(personChains(messages.toReversed())).toHaveLength(1)
})
