import { createRuntime, type Outcome } from 'waybill'
import * as facade from 'waybill/actions-core'
import { copy, theirs } from '../../support/both-cores'

/** What became of one event. */
export type Fate = 'sent' | 'skipped' | 'invalid' | 'refused' | 'unknown' | (string & {})

type Sending = {
  readonly definition: object
  readonly subscriptions: readonly object[]
  readonly events: readonly object[]
  /** Whether the events travel together. */
  readonly isBatch?: boolean
  readonly settings?: object
}

/** A way to run a definition. `open` is there for what only the module has: a `Destination`. */
export type Way = {
  readonly core: typeof theirs
  readonly open?: (definition: object) => facade.Destination
  send(sending: Sending): Promise<Fate[]>
}

type Results = readonly { output?: string; error?: object; multistatus?: readonly { status: number }[] }[]

const fateOfNode = ({ status }: { status: number }): Fate =>
  status < 400 ? 'sent' : status === 400 ? 'invalid' : `status ${status}`

function fatesOf(results: Results, count: number): Fate[] {
  const last = results.at(-1)
  if (last?.multistatus !== undefined) return last.multistatus.map(fateOfNode)
  const fate = { 'Action Executed': 'sent', 'not subscribed': 'skipped' }[last?.output ?? ''] ?? 'refused'
  return Array<Fate>(count).fill(results.length === 0 ? 'nothing' : fate)
}

const fateOfError = (error: unknown): Fate => {
  const { name, status, message } = error as Error & { status?: number }
  return name === 'AggregateAjvError' || name === 'ValidationError' || status === 400
    ? 'invalid'
    : `thrown: ${message}`
}

function byModule(core: typeof theirs): Way {
  const open = (definition: object) =>
    new core.Destination(definition as never) as unknown as facade.Destination
  return {
    core,
    open,
    async send({ definition, subscriptions, events, isBatch = false, settings = {} }) {
      const stored = { ...settings, subscriptions: copy(subscriptions) } as never
      try {
        const destination = open(definition)
        if (isBatch)
          return fatesOf((await destination.onBatch(events as never, stored)) as Results, events.length)
        const fates: Fate[] = []
        for (const event of events)
          fates.push(...fatesOf((await destination.onEvent(event as never, stored)) as Results, 1))
        return fates
      } catch (error) {
        return events.map(() => fateOfError(error))
      }
    },
  }
}

const fateOfOutcome = ({ kind }: Outcome): Fate => (kind === 'delivered' ? 'sent' : kind)

const byRuntime = (compatibility: boolean): Way => ({
  core: facade as unknown as typeof theirs,
  async send({ definition, subscriptions, events, isBatch = false, settings = {} }) {
    const on = { warning: () => undefined, filterError: () => undefined, connectionBlocked: () => undefined }
    const batch = isBatch ? { maxAgeMs: 1 } : (false as const)
    const connection = {
      name: 'only',
      destination: definition as never,
      settings: copy(settings) as never,
      subscriptions: copy(subscriptions).map((each) => ({ ...each, batch })),
    }
    try {
      const runtime = createRuntime({ compatibility, connections: [connection], on })
      const outcomes = await runtime.send(events as never)
      await runtime.close()
      return outcomes.map(fateOfOutcome)
    } catch {
      return events.map(() => 'refused')
    }
  },
})

/** The columns of the table, and the reference that they are held to. */
export const ways = {
  reference: byModule(theirs),
  'by default': byRuntime(false),
  '`compatibility: true`': byRuntime(true),
  '`waybill/actions-core`': byModule(facade as unknown as typeof theirs),
} as const
