import { optional, readKinds, readPage } from '../read-query'
import { type Call, found, type Route } from '../route'
import { hideBody, hideValues } from '../security/hide-values'
import type { Exchange, Journey, OutcomeRow } from '../shapes'

/** Without the permission, ids of persons stay hidden too: they may be addresses. */
export const rowFor = (call: Pick<Call, 'has'>, row: OutcomeRow): OutcomeRow =>
  call.has('payloads') ? row : { ...row, person: '‹text›' }

function exchangeFor(call: Call, exchange: Exchange): Exchange {
  if (call.has('payloads')) return exchange
  const { requestBody, responseBody, ...rest } = exchange
  const [request, response] = [hideBody(requestBody), hideBody(responseBody)]
  return {
    ...rest,
    url: exchange.url.replace(/\?.*/s, '?‹text›'),
    ...(request !== undefined && { requestBody: request }),
    ...(response !== undefined && { responseBody: response }),
  }
}

function journeyFor(call: Call, journey: Journey): Journey {
  const legs = journey.legs.map((leg) => ({
    ...leg,
    exchanges: leg.exchanges.map((exchange) => exchangeFor(call, exchange)),
  }))
  if (call.has('payloads')) return { ...journey, legs }
  const { event, person, ...rest } = journey
  return {
    ...rest,
    legs,
    ...(event !== undefined && { event: hideValues(event) }),
    ...(person !== undefined && { person: '‹text›' }),
  }
}

const missing = (id: string): string =>
  `no event with the id "${id.slice(0, 200)}" is known; deliveries are kept as a sample at high rates, failures all`

/** Outcomes, and what became of one event. */
export const eventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/outcomes',
    permission: 'read',
    query: ['kind', 'connection', 'q', 'after', 'limit'],
    run: async (call) => {
      const kinds = readKinds(call.query('kind'))
      const page = await call.source.outcomes({
        ...readPage(call),
        ...optional(call, 'connection'),
        ...optional(call, 'q'),
        ...(kinds !== undefined && { kinds }),
      })
      return { ...page, items: page.items.map((row) => rowFor(call, row)) }
    },
  },
  {
    method: 'GET',
    path: '/api/events/:messageId',
    permission: 'read',
    run: async (call) => {
      const id = call.param('messageId')
      return journeyFor(call, found(await call.source.journey(id), missing(id)))
    },
  },
  {
    method: 'GET',
    path: '/api/events/:messageId/attempts/:id',
    permission: 'read',
    run: async (call) => {
      const id = call.param('messageId')
      const journey = found(await call.source.journey(id), missing(id))
      const exchange = journey.legs
        .flatMap(({ exchanges }) => exchanges)
        .find((each) => each.id === call.param('id'))
      return exchangeFor(call, found(exchange, 'the exchange of this attempt is not kept any more'))
    },
  },
]
