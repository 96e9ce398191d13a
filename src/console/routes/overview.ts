import { optional, readRange } from '../read-query'
import { found, type Route } from '../route'
import type { Me } from '../shapes'

/** Who am I, what is going on, and over time. */
export const overviewRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/me',
    permission: 'read',
    run: ({ source, session }): Me => ({
      ...source.about(),
      permissions: session.permissions,
      signedIn: session.name !== 'this machine',
    }),
  },
  {
    method: 'GET',
    path: '/api/overview',
    permission: 'read',
    query: ['range'],
    run: (call) => call.source.overview(readRange(call)),
  },
  {
    method: 'GET',
    path: '/api/series',
    permission: 'read',
    query: ['range', 'connection'],
    run: (call) => {
      const { connection } = optional(call, 'connection')
      if (connection !== undefined)
        found(
          call.source.connectionNames.includes(connection) ? connection : undefined,
          `there is no connection "${connection}"`,
        )
      return call.source.series(readRange(call), connection)
    },
  },
  {
    method: 'POST',
    path: '/api/configuration/reload',
    permission: 'operate',
    run: ({ source, caller }) =>
      found(source.reload?.(caller), 'this console was started without a configuration file'),
  },
  {
    method: 'POST',
    path: '/api/samples',
    permission: 'send',
    run: ({ source, caller }) =>
      found(
        source.sendSamples?.(caller),
        'sample events are sent only where every connection goes to an emulator',
      ),
  },
  {
    method: 'GET',
    path: '/api/find',
    permission: 'read',
    query: ['q'],
    run: (call) => call.source.findIds(call.query('q') ?? ''),
  },
  {
    method: 'GET',
    path: '/api/dev',
    permission: 'read',
    run: ({ source }) => found(source.dev?.(), 'start `waybill dev` to watch a package'),
  },
]
