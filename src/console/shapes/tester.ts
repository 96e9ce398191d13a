import type { Explanation } from '../../explain/explain'

/** An explanation, with what the event has in place of what a field looked for. */
export type ExplainResult = Explanation & {
  readonly durationMs: number
  /** By field: the path of the event that is nearest to one that is missing. */
  readonly nearest: Readonly<Record<string, string>>
}

export type VendorColumn = {
  readonly key: string
  readonly title: string
  readonly kind: 'id' | 'text' | 'number' | 'time'
}

export type VendorInfo = {
  readonly slug: string
  readonly name: string
  readonly url: string
  readonly views: readonly { readonly id: string; readonly title: string; readonly count: number }[]
  readonly canBeEmptied: boolean
  readonly accepted: number
  readonly refused: number
}

export type VendorView = {
  readonly id: string
  readonly columns: readonly VendorColumn[]
  readonly rows: readonly {
    readonly key: string
    readonly cells: readonly (string | number | null)[]
    readonly card: unknown
  }[]
  readonly count: number
}

export type VendorRequests = {
  readonly requests: readonly {
    readonly at: string
    readonly method: string
    readonly path: string
    readonly status?: number
    readonly about: string
    readonly durationMs: number
    readonly body: string
    readonly answer?: string
  }[]
  readonly thrownAway: readonly { readonly what: string; readonly count: number }[]
}

/** What authors see while they edit (`waybill dev`). */
export type DevState = {
  readonly folder: string
  readonly loadedAt: string
  readonly destinations: readonly string[]
  readonly problems: readonly {
    readonly file: string
    readonly line?: number
    readonly message: string
    readonly kind: 'types' | 'load' | 'snapshot'
  }[]
  readonly isChecking: boolean
}
