import type { Queue } from '../../queue/queue'
import type { Tally } from '../../telemetry/tally'
import type { Health, Mark, Overview } from '../shapes'
import { causesOf } from './causes'
import type { DeadView } from './dead-letters'
import { byNeed, healthOf } from './health'
import type { Lanes } from './lanes'
import type { Recorder } from './recorder'
import { nameOf, type RuntimeView } from './runtime-view'

const maxMarks = 200

export type OverviewParts = {
  readonly runtime: RuntimeView
  readonly queue: Queue
  readonly recorder: Recorder
  readonly tally: Tally
  readonly deadView: DeadView
  readonly lanes: Lanes
  readonly now: () => number
  readonly storeUsedShare: () => number | undefined
  readonly hasReceived: () => boolean
}

/** Reads everything that the first screen shows. */
export function createOverviewReader(parts: OverviewParts): (range: Overview['range']) => Promise<Overview> {
  const { runtime, queue, recorder, tally, deadView, lanes, now, storeUsedShare, hasReceived } = parts
  const marks: Mark[] = []
  const lastStates = new Map<string, Health['state']>()
  const examples = new Map<string, { why: string; messageId: string }>()

  /** Changes of state become marks of the chart. */
  function markChanges(healths: readonly Health[]): void {
    for (const { name, state, reason } of healths) {
      const before = lastStates.get(name)
      lastStates.set(name, state)
      if (before === undefined || before === state) continue
      const at = new Date(now()).toISOString()
      if (state === 'blocked')
        marks.push({ at, connection: name, kind: 'blocked', text: `${name} refuses the key` })
      else if (state === 'paused')
        marks.push({ at, connection: name, kind: 'paused', text: `${name} paused` })
      else if (before === 'blocked')
        marks.push({ at, connection: name, kind: 'mended', text: `${name} works again` })
      else if (before === 'paused')
        marks.push({ at, connection: name, kind: 'resumed', text: `${name} resumed` })
      else if (state === 'behind')
        marks.push({ at, connection: name, kind: 'behind', text: `${name}: ${reason}` })
    }
    if (marks.length > maxMarks) marks.splice(0, marks.length - maxMarks)
  }

  return async (range) => {
    const time = now()
    const [stats, dead] = await Promise.all([queue.stats(), deadView.groups()])
    const status = runtime.status()
    const connections = runtime.connections()
    const healths = connections
      .map((connection) =>
        healthOf({
          connection,
          status: status.find(({ name }) => name === nameOf(connection)),
          lanes: stats,
          recorder,
          tally,
          range,
          now: time,
        }),
      )
      .sort(byNeed)
    markChanges(healths)
    for (const { id } of dead.groups)
      if (!examples.has(id)) {
        const [first] = (await deadView.list({ group: id, limit: 1 })).items
        if (first !== undefined) examples.set(id, { why: first.why, messageId: first.messageId })
      }
    const isPaused = ({ state }: Health) => state === 'paused' || state === 'disabled'
    const waiting = healths.reduce((sum, health) => sum + health.waiting, 0)
    const [oldest] = healths
      .filter((health) => !isPaused(health) && health.oldest !== undefined)
      .sort((one, other) => ((one.oldest as string) < (other.oldest as string) ? -1 : 1))
    const series = tally.series().read(range, time)
    const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
    const ended = total(
      Object.entries(series.kinds).flatMap(([kind, counts]) => (kind === 'skipped' ? [] : counts)),
    )
    const usedShare = storeUsedShare()
    return {
      asOf: new Date(time).toISOString(),
      range,
      figures: {
        receivedPerSecond: recorder.receivedRate(),
        peakPerSecond: Math.round(Math.max(0, ...series.received) / (series.stepMs / 1_000)),
        deliveredPerSecond: recorder.deliveredRate(),
        ...(ended > 0 && { deliveredShare: total(series.kinds.delivered) / ended }),
        waiting,
        waitingPaused: healths.filter(isPaused).reduce((sum, health) => sum + health.waiting, 0),
        ...(oldest?.oldest !== undefined && { oldest: { received: oldest.oldest, connection: oldest.name } }),
        dead: dead.count,
        deadLastDay: total(dead.groups.flatMap(({ spark }) => spark)),
        deadLastHour: total(dead.groups.map(({ spark }) => spark.at(-1) ?? 0)),
      },
      causes: causesOf({
        connections,
        healths,
        status,
        groups: dead.groups,
        people: (name) => lanes.people(name),
        recorder,
        example: ({ id }) => examples.get(id),
        now: time,
        ...(usedShare !== undefined && { store: { usedShare } }),
      }),
      connections: healths,
      marks: [...marks],
      isEmpty: !hasReceived() && waiting === 0 && dead.count === 0 && ended === 0,
    }
  }
}
