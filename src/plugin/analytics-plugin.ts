/** What the plugin uses of an SDK's context; those of both SDKs have it. */
export type AnalyticsContext = {
  readonly event: object
  log(level: 'error', message: string, extras?: object): void
  setFailedDelivery?(options: { reason: unknown }): void
}

type Handler = <Context extends AnalyticsContext>(context: Context) => Promise<Context>

/** A destination plugin, as `@segment/analytics-node` and `@segment/analytics-next` both take it. */
export type AnalyticsPlugin = {
  /** The destination's name, as the integrations object has it. */
  readonly name: string
  /** Further spellings. */
  alternativeNames?: string[]
  readonly type: 'destination'
  readonly version: string
  isLoaded(): boolean
  /** Opens the connection. Never rejects: what is wrong is told with each event. */
  load(): Promise<void>
  ready(): Promise<void>
  /** Delivers what waits, then closes the connection. */
  unload(): Promise<void>
  /** Resolves when everything handed over has ended. */
  flush(): Promise<void>
  readonly identify: Handler
  readonly track: Handler
  readonly page: Handler
  readonly screen: Handler
  readonly group: Handler
  readonly alias: Handler
}
