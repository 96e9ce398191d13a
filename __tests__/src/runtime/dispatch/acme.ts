import type { Connection } from 'waybill'

type Request = (url: string, options?: object) => Promise<unknown>
type Perform = (request: Request, input: { payload: Record<string, unknown>; signal: AbortSignal }) => unknown
type PerformBatch = (request: Request, input: { payload: Record<string, unknown>[] }) => unknown

const text = { label: 'Text', description: '', type: 'string' }

/** A connection whose actions are what a test says; `go` posts the event's name. */
export function acme(
  given: {
    readonly perform?: Perform
    readonly performBatch?: PerformBatch
    readonly actions?: Record<string, Perform>
    readonly definition?: object
  } = {},
  more: Partial<Connection> = {},
): Connection {
  const post: Perform = (request, { payload }) =>
    request('http://vendor.test/', { method: 'post', json: payload })
  const action = (title: string, perform: Perform) => ({
    title,
    description: '',
    fields: {
      name: { ...text, default: { '@path': '$.event' } },
      all: { ...text, type: 'object', default: { '@path': '$.properties' } },
    },
    perform,
    ...(given.performBatch && { performBatch: given.performBatch }),
  })
  const actions = given.actions ?? { go: given.perform ?? post }
  return {
    name: 'acme',
    destination: {
      name: 'Acme',
      slug: 'acme',
      mode: 'cloud',
      authentication: { scheme: 'custom', fields: {} },
      actions: Object.fromEntries(
        Object.entries(actions).map(([key, perform]) => [key, action(key, perform)]),
      ),
      ...given.definition,
    } as unknown as Connection['destination'],
    settings: {},
    subscriptions: Object.keys(actions).map((key) => ({
      action: key,
      filter:
        Object.keys(actions).length > 1 ? `type = "track" and properties.to = "${key}"` : 'type = "track"',
      ...(given.performBatch && { batch: {} }),
    })),
    ...more,
  }
}

/** How many outcomes there are of each kind and code. */
export function tally(outcomes: readonly { kind: string; code?: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind, code } of outcomes) {
    const key = code === undefined ? kind : `${kind}:${code}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Resolves with what a promise does, or with `late` after so many milliseconds. */
export async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ms, 'late')
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
