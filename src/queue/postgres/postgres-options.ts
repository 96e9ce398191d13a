/** As `tls.connect` of Node takes it; the texts are PEM. */
export type TlsOptions = {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** Default true. */
  readonly rejectUnauthorized?: boolean
  readonly servername?: string
}

export type PostgresOptions = {
  /** `postgres://user:password@host:5432/database`. Default: what `PGHOST` and its sisters say. */
  readonly url?: string
  /** Default: what the URL says (`sslmode`). */
  readonly tls?: boolean | TlsOptions
  /** Connections at most. Default 8. */
  readonly maxConnections?: number
  /** How long a call waits for a database that is away, in milliseconds. Default 30,000. */
  readonly patienceMs?: number
}
