import type { Way } from './ways'

/** A row of docs/upstream.md: what is done, what is right, and what the reference makes of it. */
export type Row = {
  readonly subject: string
  readonly run: (way: Way) => unknown
  readonly right: unknown
  readonly reference: unknown
  /** Only a `Destination` has it. */
  readonly isOfModule?: true
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
  slug: 'destination',
  mode: 'cloud',
  actions: { act },
  ...more,
})
/** Every event. */
export const all = 'type = "track" or type != "track"'
export const subscribe = (filter: string, mapping: object = {}, partnerAction = 'act') => ({
  subscribe: filter,
  partnerAction,
  mapping,
})
