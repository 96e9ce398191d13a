import { ConfigurationError } from 'waybill'
import { inFrozenWorld } from './frozen-world'
import type { RecordedRequest } from './recorder'
import { bodyText, noAnswer, replyBy } from './reply'
import type { Run, Stage } from './run'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/**
 * Carries a run out on the reference's `Destination`, with `nock` instead of a network, and gives its requests.
 * @throws ConfigurationError INVALID_CONFIGURATION where one of the two packages is missing.
 */
export const runOnReference = (stage: Stage, run: Run): Promise<RecordedRequest[]> => {
  const { Destination } = load<typeof import('@segment/actions-core')>('@segment/actions-core')
  return inFrozenWorld('waybill', async () => {
    const { requests, stop } = intercept(stage, run)
    try {
      const destination = new Destination(stage.definition)
      const settings = { ...stage.settings, subscriptions: [storedSubscription(run)] } as never
      const events = structuredClone(run.events) as never[]
      if (run.subscription.batch) await destination.onBatch(events as never, settings)
      else for (const event of events) await destination.onEvent(event, settings).catch(() => undefined)
    } finally {
      stop()
    }
    return requests
  })
}

const storedSubscription = ({ subscription: { action, filter, mapping } }: Run) => ({
  partnerAction: action,
  subscribe: filter,
  mapping,
})

/** Answers every request of this process and keeps it. */
function intercept(stage: Stage, run: Run): { requests: RecordedRequest[]; stop: () => void } {
  const nock = load<typeof import('nock')>('nock')
  const requests: RecordedRequest[] = []
  if (!nock.isActive()) nock.activate()
  const scope = nock(/.*/).persist()
  for (const method of methods)
    scope.intercept(/.*/, method).reply(function (_path, body, answer) {
      const req = this.req as unknown as Intercepted
      const url = `${req.options.protocol}//${req.options.hostname ?? req.options.host}${req.path}`
      requests.push({
        method: req.method,
        url,
        headers: Object.fromEntries(
          Object.entries(req.headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]),
        ),
        ...(body === '' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const reply = run.reply ?? replyBy(stage.replies, req.method, url)
      if (reply === 'time-out') answer(noAnswer(), [0])
      else
        answer(null, [
          reply.status,
          bodyText(reply),
          { 'content-type': 'application/json', ...reply.headers },
        ])
    })
  const stop = (): void => {
    nock.cleanAll()
    nock.restore()
  }
  return { requests, stop }
}

type Intercepted = {
  method: string
  path: string
  headers: Record<string, string | string[]>
  options: { protocol?: string; hostname?: string; host?: string }
}

function load<Module>(name: string): Module {
  try {
    return require(name) as Module
  } catch (error) {
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `the reference mode needs the package ${name}: npm install --save-dev ${name}`,
      { cause: error },
    )
  }
}
