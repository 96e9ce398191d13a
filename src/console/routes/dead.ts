import { Readable } from 'node:stream'
import { readDeadQuery, readPage, readSelection } from '../read-query'
import { type Call, found, type Route } from '../route'
import { hideValues } from '../security/hide-values'
import type { DeadRow, Job } from '../shapes'

const filters = ['group', 'connection', 'q', 'within'] as const

const rowFor = (call: Call, row: DeadRow): DeadRow =>
  call.has('payloads') ? row : { ...row, person: '‹text›' }

/** A long action over dead letters, that goes on in a job. */
const job = (kind: Job['kind'], path: string): Route => ({
  method: 'POST',
  path,
  permission: kind === 'check' ? 'read' : 'operate',
  maxBytes: 1_048_576,
  status: 202,
  run: async (call) => ({ job: await call.source.startJob(kind, readSelection(call), call.caller) }),
})

const missingJob = 'there is no such job; jobs are forgotten when the process ends'

async function* encoded(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const line of lines) yield encoder.encode(`${line}\n`)
}

/** What did not arrive: by reason, one by one, as a file; checked, replayed, dropped. */
export const deadRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/dead/groups', permission: 'read', run: ({ source }) => source.deadGroups() },
  {
    method: 'GET',
    path: '/api/dead',
    permission: 'read',
    query: [...filters, 'after', 'limit'],
    run: async (call) => {
      const query = readDeadQuery(call)
      const asOf = Date.now()
      const [page, value] = await Promise.all([
        call.source.dead({ ...query, ...readPage(call) }),
        call.source.countDead(query, asOf),
      ])
      return {
        ...page,
        items: page.items.map((row) => rowFor(call, row)),
        count: { value, exact: true },
        asOf: new Date(asOf).toISOString(),
      }
    },
  },
  {
    method: 'GET',
    path: '/api/dead/export',
    permission: 'payloads',
    query: filters,
    run: (call) =>
      new Response(
        Readable.toWeb(Readable.from(encoded(call.source.exportDead(readDeadQuery(call))))) as ReadableStream,
        {
          headers: {
            'content-type': 'application/x-ndjson',
            'content-disposition': 'attachment; filename="dead-letters.ndjson"',
          },
        },
      ),
  },
  job('check', '/api/dead/checks'),
  job('replay', '/api/dead/replays'),
  job('drop', '/api/dead/drops'),
  {
    method: 'GET',
    path: '/api/dead/:id',
    permission: 'read',
    run: async (call) => {
      const letter = found(
        await call.source.deadLetter(call.param('id')),
        'this dead letter has gone: replayed, dropped or too old',
      )
      return {
        ...rowFor(call, letter),
        letter: call.has('payloads') ? letter.letter : hideValues(letter.letter),
      }
    },
  },
  {
    method: 'GET',
    path: '/api/jobs/:id',
    permission: 'read',
    run: (call) => found(call.source.job(call.param('id')), missingJob),
  },
  {
    method: 'DELETE',
    path: '/api/jobs/:id',
    permission: 'operate',
    run: (call) => found(call.source.stopJob(call.param('id'), call.caller), missingJob),
  },
]
