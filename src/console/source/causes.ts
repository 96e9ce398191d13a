import type { Connection } from '../../runtime/options'
import type { Cause, DeadGroup, Health } from '../shapes'
import { capital, codeWords, isTemporary } from './health'
import type { Recorder } from './recorder'
import { type ConnectionStatus, nameOf } from './runtime-view'

/** Dead letters of one reason within a day from which on they need somebody. */
const inBulk = 5
const dayMs = 86_400_000

export type CauseParts = {
  readonly connections: readonly Connection[]
  readonly healths: readonly Health[]
  readonly status: readonly ConnectionStatus[]
  readonly groups: readonly DeadGroup[]
  readonly people: (connection: string) => number | undefined
  readonly recorder: Recorder
  readonly store?: { readonly usedShare?: number }
  /** Why the newest letter of a group died, and its message id. */
  readonly example: (group: DeadGroup) => { readonly why: string; readonly messageId: string } | undefined
  readonly now: number
}

const number = (value: number): string => value.toLocaleString('en-US')
const events = (count: number): string => `${number(count)} ${count === 1 ? 'event' : 'events'}`

/** What needs a person, worst first. A cause goes when what made it has gone. */
export function causesOf(parts: CauseParts): Cause[] {
  const { healths } = parts
  const of = (state: Health['state']) => healths.filter((health) => health.state === state)
  return [
    ...of('blocked').map((health) => blockedCause(health, parts)),
    ...storeCause(parts),
    ...parts.groups
      .filter((group) => isInBulk(group, parts.now) && group.kind === 'rejected')
      .map((group) => deadCause('rejected', group, parts)),
    ...of('behind').map((health) => slowCause('behind', health, parts)),
    ...of('retrying').map((health) => slowCause('retrying', health, parts)),
    ...parts.groups
      .filter((group) => isInBulk(group, parts.now) && group.kind === 'invalid')
      .map((group) => deadCause('invalid', group, parts)),
  ]
}

const isInBulk = ({ count, last }: DeadGroup, now: number): boolean =>
  count >= inBulk && last !== undefined && now - Date.parse(last) < dayMs

const waitDetails = (health: Health, people: number | undefined): string[] =>
  health.waiting === 0
    ? []
    : [
        people === undefined
          ? `${events(health.waiting)} ${health.waiting === 1 ? 'waits' : 'wait'}`
          : `${events(health.waiting)} of ${number(people)} ${people === 1 ? 'person' : 'people'} wait`,
      ]

function blockedCause(health: Health, { status, people, connections }: CauseParts): Cause {
  const block = status.find(({ name }) => name === health.name)?.block
  const waiting = people(health.name)
  const connection = connections.find((each) => nameOf(each) === health.name)
  return {
    id: `blocked:${health.name}:${block?.since ?? ''}`,
    kind: 'blocked',
    connection: health.name,
    destination: health.destination.name,
    title: `${health.name} refuses the ${credentialName(connection)}`,
    details: [String(block?.status ?? block?.code ?? 'refused'), ...waitDetails(health, waiting)],
    events: health.waiting,
    ...(waiting !== undefined && { people: waiting }),
    ...(block !== undefined && { since: new Date(block.since).toISOString() }),
    ...(block?.until !== undefined && { nextTry: new Date(block.until).toISOString() }),
  }
}

/** What the vendor calls the secret: the label of the first password of its settings. */
export function credentialName(connection: Connection | undefined): string {
  const fields = connection?.destination.authentication?.fields as
    | Readonly<Record<string, { readonly type?: string; readonly label?: string }>>
    | undefined
  const field = Object.values(fields ?? {}).find(({ type }) => type === 'password')
  return field?.label === undefined ? 'credentials' : field.label.toLowerCase().replace(/\bapi\b/, 'API')
}

function slowCause(kind: 'behind' | 'retrying', health: Health, { recorder, people }: CauseParts): Cause {
  const codes = recorder.recentCodes(health.name)
  const attempts = [...codes.values()].reduce((sum, count) => sum + count, 0)
  const [worst] = [...codes].filter(([code]) => isTemporary(code)).sort(([, one], [, other]) => other - one)
  const share = worst === undefined || attempts === 0 ? undefined : Math.round((worst[1] / attempts) * 100)
  const words = worst === undefined ? 'falls behind' : codeWords(worst[0]).replace(/ \(429\)$/, '')
  const waiting = people(health.name)
  return {
    id: `${kind}:${health.name}:${worst?.[0] ?? ''}`,
    kind,
    connection: health.name,
    destination: health.destination.name,
    title: `${health.name} ${words}`,
    details: [
      ...(share === undefined || worst === undefined
        ? []
        : [`${worst[0].replace('HTTP_', '')} on ${share} % of requests`]),
      ...waitDetails(health, waiting),
      ...(health.perSecond > 0 && health.waiting > health.perSecond
        ? [
            `now ${number(Math.max(1, Math.round(health.perSecond)))}/s, catches up in about ${spanWords((health.waiting / health.perSecond) * 1_000)}`,
          ]
        : []),
    ],
    events: health.waiting,
    ...(waiting !== undefined && { people: waiting }),
    ...(health.oldest !== undefined && { since: health.oldest }),
  }
}

const spanWords = (ms: number): string =>
  ms < 60_000
    ? `${Math.max(1, Math.round(ms / 1_000))} s`
    : ms < 5_400_000
      ? `${Math.round(ms / 60_000)} min`
      : `${Math.round(ms / 3_600_000)} h`

function deadCause(kind: 'invalid' | 'rejected', group: DeadGroup, { example }: CauseParts): Cause {
  const shown = example(group)
  const missing = /\(([\w.[\]]+)\) is required/.exec(group.message)?.[1]
  const title =
    kind === 'invalid'
      ? missing === undefined
        ? `${events(group.count)}: ${withoutEnd(group.message)}`
        : `${events(group.count)} ${group.count === 1 ? 'has' : 'have'} no ${missing}`
      : `${group.connection} refused ${events(group.count)}`
  const near = /, but (.+)$/.exec(shown?.why ?? '')?.[1]
  const why = near === undefined ? undefined : `the mapping does not find it; these events have ${near}`
  return {
    id: `${kind}:${group.id}`,
    kind,
    connection: group.connection,
    action: group.action,
    title,
    details: [
      `${group.connection} › ${group.action}`,
      kind === 'rejected' ? withoutEnd(group.message) : withoutEnd(why ?? group.message),
    ],
    events: group.count,
    group: group.id,
    ...(group.last !== undefined && { since: group.last }),
    ...(shown !== undefined && { example: shown.messageId }),
  }
}

const withoutEnd = (text: string): string => text.replace(/\.$/, '')

function storeCause({ store }: CauseParts): Cause[] {
  const used = store?.usedShare
  if (used === undefined || used < 0.9) return []
  return [
    {
      id: 'store',
      kind: 'store',
      title: 'The store is nearly full',
      details: [
        `${Math.round(used * 100)} % is used`,
        capital('when it is full, events are refused with 429'),
      ],
      events: 0,
    },
  ]
}
