import type { VendorInspection } from '../../testing/emulator/demo-vendor'
import type { VendorInfo, VendorRequests, VendorView } from '../shapes'
import type { Fault, PageQuery } from '../source'

/** An emulator that this process started. */
export type RunningVendor = {
  readonly slug: string
  readonly name: string
  readonly inspection: VendorInspection
}

export type Vendors = {
  list(): readonly VendorInfo[]
  view(slug: string, view: string, query: PageQuery & { readonly q?: string }): VendorView | undefined
  requests(slug: string): VendorRequests | undefined
  fault(slug: string, fault: Fault): boolean
  empty(slug: string): boolean
}

const shownRequests = 100
const maxBody = 65_536

/** Shows emulators by what they say of themselves: no code here knows a vendor. */
export function createVendors(running: () => readonly RunningVendor[]): Vendors {
  const find = (slug: string) => running().find((vendor) => vendor.slug === slug)
  return {
    list: () =>
      running().map(({ slug, name, inspection: { emulator, tables, empty } }) => ({
        canBeEmptied: empty !== undefined,
        slug,
        name,
        url: emulator.url,
        views: tables.map((view) => ({ id: view.id, title: view.title, count: view.rows().length })),
        accepted: emulator.requests.filter(({ status }) => status !== undefined && status < 400).length,
        refused: emulator.requests.filter(({ status }) => status === undefined || status >= 400).length,
      })),
    view(slug, id, { limit, after, q }) {
      const view = find(slug)?.inspection.tables.find((each) => each.id === id)
      if (view === undefined) return undefined
      const all = view.rows() as readonly Readonly<Record<string, unknown>>[]
      const matching =
        q === undefined
          ? all
          : all.filter((row) => JSON.stringify(row).toLowerCase().includes(q.toLowerCase()))
      const start = after === undefined ? 0 : Number(after)
      return {
        id,
        columns: view.columns.map(({ title, kind = 'text' }, index) => ({ key: String(index), title, kind })),
        rows: matching.slice(start, start + limit).map((row, index) => ({
          key: String(start + index),
          cells: view.columns.map(({ value }) =>
            cellOf(typeof value === 'string' ? at(row, value) : value(row)),
          ),
          card: row,
        })),
        count: matching.length,
      }
    },
    requests(slug) {
      const vendor = find(slug)
      if (vendor === undefined) return undefined
      return {
        requests: vendor.inspection.emulator.requests
          .slice(-shownRequests)
          .reverse()
          .map(({ receivedAt, method, path, status, body, answer, durationMs }) => ({
            at: new Date(receivedAt).toISOString(),
            method,
            path,
            ...(status !== undefined && { status }),
            about: aboutOf(body.toString('utf8', 0, maxBody), status, answer?.body),
            durationMs: Math.round(durationMs * 10) / 10,
            body: body.toString('utf8', 0, maxBody),
            ...(answer?.body !== undefined && {
              answer: JSON.stringify(answer.body, undefined, 2).slice(0, maxBody),
            }),
          })),
        thrownAway: vendor.inspection.thrownAway?.() ?? [],
      }
    },
    fault(slug, { answer, times }) {
      const vendor = find(slug)
      if (vendor === undefined) return false
      vendor.inspection.emulator.clearFaults()
      if (answer === 'nothing') vendor.inspection.emulator.fault({ stall: 'headers', times })
      else if (answer !== '200')
        vendor.inspection.emulator.fault({
          status: Number(answer),
          times,
          ...(answer === '429' && { retryAfter: 5 }),
          body: { error: answer === '429' ? 'too many requests' : 'service unavailable' },
        })
      return true
    },
    empty(slug) {
      const vendor = find(slug)
      if (vendor?.inspection.empty === undefined) return false
      vendor.inspection.emulator.clear()
      vendor.inspection.empty()
      return true
    },
  }
}

const at = (row: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], row)

function cellOf(value: unknown): string | number | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (Array.isArray(value)) return value.length
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** One line about a request: whom or what it concerns, or why it was refused. */
function aboutOf(body: string, status: number | undefined, answer: unknown): string {
  if (status === undefined || status >= 400) {
    const text = typeof answer === 'object' && answer !== null ? messageIn(answer) : answer
    if (typeof text === 'string') return text
  }
  try {
    const value: unknown = JSON.parse(body)
    if (Array.isArray(value)) return value.length === 1 ? aboutObject(value[0]) : `${value.length} objects`
    return aboutObject(value)
  } catch {
    return body.slice(0, 80)
  }
}

function messageIn(answer: object): string | undefined {
  const texts = Object.entries(answer).filter(([, value]) => typeof value === 'string')
  return texts.find(([key]) => /message|error|title|text|reason/i.test(key))?.[1] as string | undefined
}

function aboutObject(value: unknown): string {
  if (typeof value !== 'object' || value === null) return ''
  const object = value as Record<string, unknown>
  for (const [, item] of Object.entries(object))
    if (Array.isArray(item) && item.length > 1) return `${item.length} objects`
  for (const key of ['event', 'action', 'type', 'user_id', 'userId', 'email'])
    if (typeof object[key] === 'string') return object[key] as string
  return Object.keys(object).slice(0, 3).join(', ')
}
