import { didYouMean } from '../../nearest'
import { optional, readPage } from '../read-query'
import { badRequest, type Call, found, type Route } from '../route'
import { type LanePage, type LaneRow, type LaneState, laneStates } from '../shapes'

const missing = ({ source, param }: Call): string =>
  `there is no connection "${param('name')}"${didYouMean(param('name'), source.connectionNames)}`

/** A change of one connection, by an operator. */
const action = (
  name: 'pause' | 'resume' | 'try-now' | 'test',
  act: (call: Call, connection: string) => Promise<unknown>,
): Route => ({
  method: 'POST',
  path: `/api/connections/:name/${name}`,
  permission: 'operate',
  run: async (call) => found(await act(call, call.param('name')), missing(call)),
})

function readState(call: Call): { readonly state?: LaneState } {
  const text = call.query('state')
  if (text === undefined || text === '') return {}
  if ((laneStates as readonly string[]).includes(text)) return { state: text as LaneState }
  throw badRequest(`state: give one of ${laneStates.join(', ')}`)
}

/** Ids of persons may be addresses, so they need the permission too. */
const laneFor = <Row extends LaneRow>(call: Call, row: Row | undefined): Row | undefined =>
  row === undefined || call.has('payloads') ? row : { ...row, person: '‹text›' }

const lanesFor = (call: Call, page: LanePage | undefined): LanePage | undefined =>
  page && { ...page, items: page.items.map((row) => laneFor(call, row) as LaneRow) }

/** One connection, what can be done to it, and its lanes. */
export const connectionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/connections/:name',
    permission: 'read',
    run: async (call) => found(await call.source.connection(call.param('name')), missing(call)),
  },
  action('pause', ({ source, caller }, name) => source.pause(name, caller)),
  action('resume', ({ source, caller }, name) => source.resume(name, caller)),
  action('try-now', ({ source, caller }, name) => source.tryNow(name, caller)),
  action('test', ({ source, caller }, name) => source.testCredentials(name, caller)),
  {
    method: 'GET',
    path: '/api/connections/:name/lanes',
    permission: 'read',
    query: ['state', 'q', 'after', 'limit'],
    run: async (call) =>
      found(
        lanesFor(
          call,
          await call.source.lanes(call.param('name'), {
            ...readPage(call),
            ...readState(call),
            ...optional(call, 'q'),
          }),
        ),
        missing(call),
      ),
  },
  {
    method: 'GET',
    path: '/api/connections/:name/lanes/:key',
    permission: 'read',
    run: async (call) =>
      found(
        laneFor(call, await call.source.lane(call.param('name'), call.param('key'))),
        'nothing of this person waits any more',
      ),
  },
  {
    method: 'POST',
    path: '/api/connections/:name/lanes/:key/set-aside',
    permission: 'operate',
    run: async (call) => {
      const { messageId, subscription } = call.body
      if (typeof messageId !== 'string' || typeof subscription !== 'string')
        throw badRequest('give messageId and subscription of the first in line')
      return found(
        await call.source.setAside(
          call.param('name'),
          call.param('key'),
          { messageId, subscription },
          call.caller,
        ),
        'nothing of this person waits any more',
      )
    },
  },
]
