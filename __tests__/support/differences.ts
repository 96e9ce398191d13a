import * as facade from 'waybill/actions-core'
import { copy, theirs } from './both-cores'

/** The reference, and ours in its place. */
export type Way = {
  readonly core: typeof theirs
  readonly open: (definition: unknown) => facade.Destination
}
const ways = {
  reference: { core: theirs, open: (definition) => new theirs.Destination(definition as never) as never },
  compatible: {
    core: facade as unknown as typeof theirs,
    open: (definition) => new facade.Destination(definition as never),
  },
} satisfies Record<string, Way>

/**
 * A row of the table of differences. F: right by default, as the reference in compatibility mode. B: right in both.
 * The reference's own package reads filters in compatibility mode, so there all its readings stay.
 */
export type Row = {
  readonly row: string
  readonly verdict: 'F' | 'B' | 'B, but for filters'
  readonly run: (way: Way) => unknown
  readonly right: unknown
  readonly reference: unknown
}

export const field = (type: string, more: object = {}) => ({ label: type, description: '', type, ...more })
export const action = (more: object = {}) => ({
  title: 'Act',
  description: '',
  fields: {},
  perform: (_request: unknown, { payload }: { payload: unknown }) => payload,
  ...more,
})
let definitions = 0
/** A definition with one action. Its name is its own, since the reference keeps schemas by names. */
export const definition = (act: object = action(), more: object = {}) => ({
  name: `Destination ${++definitions}`,
  mode: 'cloud',
  actions: { act },
  ...more,
})

/** The results of one event, or the error as a result. */
export async function send(
  { open }: Way,
  given: object,
  subscriptions: unknown[],
  event: object,
  options?: object,
) {
  const settings = { subscriptions: copy(subscriptions) } as never
  try {
    return await open(given).onEvent(event as never, settings, options as never)
  } catch (error) {
    return `thrown: ${(error as Error).message}`
  }
}

/** Every event. */
export const all = 'type = "track" or type != "track"'

export const subscribe = (filter: string, mapping: object = {}, partnerAction = 'act') => ({
  subscribe: filter,
  partnerAction,
  mapping,
})

/** What became of the items of a batch. */
export const statuses = (outcome: unknown) =>
  (outcome as { value: { multistatus: { status: number }[] }[] }).value[0]?.multistatus.map(
    (node) => node.status,
  )

/** A test for each row. */
export function testRows(rows: readonly Row[]): void {
  beforeAll(() => {
    // The reference lets Ajv warn of its own schemas.
    jest.spyOn(console, 'warn').mockImplementation(() => undefined)
  })
  test.each(rows)('$row ($verdict)', async ({ verdict, run, right, reference }) => {
    const found = {
      compatible: await run(ways.compatible),
      reference: await run(ways.reference),
    }
    expect(found).toEqual({ compatible: verdict === 'B' ? right : reference, reference })
  })
}
