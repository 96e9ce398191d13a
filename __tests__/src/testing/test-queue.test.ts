import { createMemoryQueue, type Queue } from 'waybill/queue'
import { testQueue } from 'waybill/testing'

type Written = { readonly name: string; readonly body: () => Promise<void> }

/** The cases of the suite for a queue, not run yet. */
function casesFor(change: (queue: Queue) => Queue): Written[] {
  const written: Written[] = []
  const framework = {
    describe: (_name: string, body: () => void) => body(),
    test: (name: string, body: () => Promise<void>) => void written.push({ name, body }),
    expect: Object.assign((value: unknown) => expect(value), { addSnapshotSerializer: () => undefined }),
  }
  const create = ({ now }: { now: () => number }) => change(createMemoryQueue({ now }))
  testQueue({ name: 'planted', create, clock: 'given', framework })
  return written
}

/** Queues with one fault each, and a promise that they break. */
const planted: [string, string, (queue: Queue) => Queue][] = [
  [
    'forgets ids',
    'folds an id that it has, within one put too, and after the delivery has ended or died',
    (queue) => ({
      ...queue,
      put: async (put, options) => ({ ...(await queue.put(put, options)), duplicates: [] }),
    }),
  ],
  [
    'takes every settlement for its own',
    'refuses a late settlement of any kind and changes nothing',
    (queue) => ({ ...queue, settle: async (items) => ({ ...(await queue.settle(items)), late: [] }) }),
  ],
  [
    'forgets the delay of a put-back',
    'gives out what was put back when its delay is over and not before, with its history',
    (queue) => ({
      ...queue,
      settle: (items) =>
        queue.settle(items.map((item) => (item.kind === 'again' ? { ...item, afterMs: 0 } : item))),
    }),
  ],
  [
    'keeps no order',
    'gives the deliveries of a person out one after another, through retries',
    (queue) => ({
      ...queue,
      put: (put, options) =>
        queue.put(
          put.map(({ person: _, ...rest }) => rest),
          options,
        ),
    }),
  ],
  [
    'ignores holds',
    'gives nothing of a lane out while it is held, and goes on after',
    (queue) => ({ ...queue, hold: async () => undefined }),
  ],
  [
    'says nothing of an attempt that may have arrived',
    'gives a delivery out again when its lease has ended, as an attempt whose outcome nobody knows',
    (queue) => ({
      ...queue,
      claim: async (options) => (await queue.claim(options)).map((claim) => ({ ...claim, maybeDone: false })),
    }),
  ],
]

test.each(planted)('the suite finds a queue that %s', async (_fault, promise, change) => {
  const broken = casesFor(change).find(({ name }) => name === promise)
  await expect(broken?.body()).rejects.toThrow()
  const sound = casesFor((queue) => queue).find(({ name }) => name === promise)
  await sound?.body()
})
