import type { Connection } from './options'

/** A configuration as a program: what `waybill.config.json` holds, and destinations may stand there themselves. */
export type WaybillConfig = {
  /** Reads filters and mappings as `@segment/actions-core` does, defects included. Default false. */
  readonly compatibility?: boolean
  readonly connections: readonly (Omit<Connection, 'destination'> & {
    /** A definition, a slug of this package, or `module#export`. */
    readonly destination: Connection['destination'] | string
  })[]
}

/** For `waybill.config.ts` or `.js`: gives the configuration back, checked by its type. */
export const defineConfig = (config: WaybillConfig): WaybillConfig => config
