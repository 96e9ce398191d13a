import * as fc from 'fast-check'
import type { OpenDelivery } from '../../../../src/runtime/dispatch/open-delivery'
import { createOrder, personKeys } from '../../../../src/runtime/dispatch/order'

const delivery = (name: number, ...ids: (string | undefined)[]) => {
  const [userId, anonymousId, previousId] = ids
  return { name, event: { userId, anonymousId, previousId }, turn: undefined } as unknown as OpenDelivery & {
    name: number
  }
}

test('deliveries that share an id start in order, and each as soon as those before it have ended', () => {
  const ids = fc.constantFrom('a', 'b', 'c', undefined)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(ids, ids), { maxLength: 30 }),
      fc.array(fc.nat(), { maxLength: 60 }),
      fc.nat(30),
      (given, choices, withdrawn) => {
        const started: number[] = []
        const ended = new Set<number>()
        const all = given.map(([user, anonymous], name) => delivery(name, user, anonymous))
        const order = createOrder()
        order.startWith((each) => void started.push((each as (typeof all)[0]).name))
        for (const each of all) order.enter(each)
        const taken = order.take((each) => (each as (typeof all)[0]).name === withdrawn)
        for (const each of taken) ended.add((each as (typeof all)[0]).name)
        const blockers = (name: number) =>
          all.filter(
            (other) =>
              other.name < name &&
              !ended.has(other.name) &&
              personKeys(other.event).some((key) =>
                personKeys((all[name] as (typeof all)[0]).event).includes(key),
              ),
          )
        for (const choice of choices) {
          const running = started.filter((name) => !ended.has(name))
          if (running.length === 0) break
          const next = running[choice % running.length] as number
          ended.add(next)
          order.leave(all[next] as OpenDelivery)
        }
        for (const { name } of all) {
          if (ended.has(name)) continue
          // A withdrawn one in between still hands on the waits of those before it.
          if (started.includes(name)) expect(blockers(name)).toEqual([])
          else expect(order.waiting).toBeGreaterThan(0)
        }
        const idle = all.filter(({ name }) => !ended.has(name) && !started.includes(name))
        expect(order.waiting).toBe(idle.length)
        if (started.every((name) => ended.has(name))) expect(idle).toEqual([])
      },
    ),
    { numRuns: 500 },
  )
})

test('a line of 100,000 that end at once does not overflow the stack', () => {
  let count = 0
  const order = createOrder()
  order.startWith((each) => {
    count += 1
    if (count > 1) order.leave(each)
  })
  const first = delivery(0, 'u')
  order.enter(first)
  for (let name = 1; name < 100_000; name++) order.enter(delivery(name, 'u'))
  expect(count).toBe(1)
  order.leave(first)
  expect(count).toBe(100_000)
  expect(order.waiting).toBe(0)
})
