import type { Connection } from './options'

/** A configuration as a program: what `waybill.config.json` holds, and destinations may stand there themselves. */
export type WaybillConfig = {
  /** Reads filters and mappings as `@segment/actions-core` does, defects included. Default false. */
  readonly compatibility?: boolean
  readonly connections: readonly (Omit<Connection, 'destination'> & {
    /** A definition, a slug of this package, or `module#export`. */
    readonly destination: Connection['destination'] | string
  })[]
  /** Who sends events to `waybill serve`; see docs/serve.md. */
  readonly sources?: readonly {
    readonly name: string
    readonly writeKey: string | readonly string[]
    /** Names of connections. Default: all. */
    readonly connections?: readonly string[]
    readonly enabled?: boolean
    readonly requestsPerSecond?: number
    readonly failWhenAllInvalid?: boolean
  }[]
  /** How `waybill serve` takes events in; see docs/ingest.md. */
  readonly ingest?: {
    readonly publicUrl?: string
    readonly unknownKey?: 'reject' | 'accept'
    readonly limits?:
      | 'strict'
      | {
          readonly requestBytes?: number
          readonly eventBytes?: number
          readonly events?: number
          readonly messageIdLength?: number
        }
    readonly trustedProxies?: readonly string[]
  }
}

/** For `waybill.config.ts` or `.js`: gives the configuration back, checked by its type. */
export const defineConfig = (config: WaybillConfig): WaybillConfig => config
