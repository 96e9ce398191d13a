/** How a mapping of a warehouse source may be synchronized. */
export const syncModeTypes = ['add', 'update', 'upsert', 'delete', 'mirror'] as const

export type * from '@segment/actions-core/destination-kit/types'
