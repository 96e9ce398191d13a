import sumBy from 'lodash/sumBy'
import type { LaneStats } from 'waybill/queue'
import { formatCount } from '../report/format'
import { formatTable } from '../report/table'
import { openStoreReader, type StoreOptions, storeName, storeOf } from '../store/open-store'
import { ageText, timeText } from '../store/times'
import type { Terminal } from '../terminal'

const row = (now: number) => (lane: LaneStats) => [
  `${lane.connection} / ${lane.subscription}`,
  ...[lane.ready, lane.waiting, lane.leased, lane.dead].map(formatCount),
  lane.oldestReceivedAt === undefined ? '' : ageText(now - lane.oldestReceivedAt),
  lane.heldUntil === undefined || lane.heldUntil <= now
    ? ''
    : `until ${timeText(lane.heldUntil)}${lane.heldBecause === undefined ? '' : `: ${lane.heldBecause}`}`,
]

/** `waybill status`: what waits in a store, by connection and subscription, and what is held and why. Gives the exit code. */
export async function statusCommand(
  options: StoreOptions & { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const store = await openStoreReader(options, terminal)
  try {
    const lanes = await store.stats()
    if (options.json) {
      await terminal.stdout.write(`${JSON.stringify({ lanes }, null, 2)}\n`)
      return 0
    }
    const name = storeName(storeOf(options, terminal))
    if (lanes.length === 0) {
      await terminal.stdout.write(`${name}: nothing has been put there.\n`)
      return 0
    }
    const total = (of: (lane: LaneStats) => number) => formatCount(sumBy(lanes, of))
    const table = formatTable([
      ['connection / subscription', 'due', 'later', 'in flight', 'dead', 'oldest', 'held'],
      ...lanes.map(row(Date.now())),
      [
        'all',
        total(({ ready }) => ready),
        total(({ waiting }) => waiting),
        total(({ leased }) => leased),
        total(({ dead }) => dead),
        '',
        '',
      ],
    ])
    await terminal.stdout.write(`${name}\n\n${table}\n`)
    return 0
  } finally {
    await store.close()
  }
}
