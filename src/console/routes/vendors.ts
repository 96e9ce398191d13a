import { optional, readPage } from '../read-query'
import { badRequest, type Call, found, notFound, type Route } from '../route'
import { hideBody, hideValues } from '../security/hide-values'

const missing = ({ source, param }: Call): string => {
  const running = source.vendors().map(({ slug }) => slug)
  return `no emulator of "${param('slug')}" runs here; ${running.length === 0 ? 'start one with --emulate' : `there are ${running.join(', ')}`}`
}

const answers = ['429', '503', 'nothing', '200'] as const

/** What the emulators that this process started hold. No other address can be reached by these. */
export const vendorRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/vendors',
    permission: 'read',
    run: ({ source }) => ({ items: source.vendors() }),
  },
  {
    method: 'GET',
    path: '/api/vendors/:slug/requests',
    permission: 'read',
    run: async (call) => {
      const result = found(await call.source.vendorRequests(call.param('slug')), missing(call))
      if (call.has('payloads')) return result
      const requests = result.requests.map((request) => ({
        ...request,
        about: '‹text›',
        body: hideBody(request.body),
        answer: hideBody(request.answer),
      }))
      return { ...result, requests }
    },
  },
  {
    method: 'GET',
    path: '/api/vendors/:slug/:view',
    permission: 'read',
    query: ['q', 'limit', 'after'],
    run: async (call) => {
      const view = found(
        await call.source.vendorView(call.param('slug'), call.param('view'), {
          ...readPage(call),
          ...optional(call, 'q'),
        }),
        missing(call),
      )
      if (call.has('payloads')) return view
      const rows = view.rows.map((row) => ({
        key: row.key,
        cells: hideValues(row.cells),
        card: hideValues(row.card),
      }))
      return { ...view, rows }
    },
  },
  {
    method: 'POST',
    path: '/api/vendors/:slug/faults',
    permission: 'operate',
    run: async (call) => {
      const { answer, times = 10 } = call.body
      if (!(answers as readonly unknown[]).includes(answer))
        throw badRequest(`answer: give one of ${answers.join(', ')}`)
      if (typeof times !== 'number' || !Number.isInteger(times) || times < 1 || times > 1_000)
        throw badRequest('times: give a whole number from 1 to 1000')
      const fault = { answer: answer as (typeof answers)[number], times }
      if (!(await call.source.fault(call.param('slug'), fault, call.caller))) throw notFound(missing(call))
      return fault
    },
  },
  {
    method: 'POST',
    path: '/api/vendors/:slug/clear',
    permission: 'operate',
    run: async (call) => {
      if (!(await call.source.emptyVendor(call.param('slug'), call.caller))) throw notFound(missing(call))
      return { emptied: true }
    },
  },
]
