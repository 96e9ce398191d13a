import type { Connection } from '../../runtime/options'
import type { AuthenticationTest } from '../source'

/** Why nothing of a connection is sent. Times in milliseconds since the epoch. */
export type ConnectionStatus = {
  readonly name: string
  readonly block?: {
    readonly since: number
    readonly until?: number
    readonly status?: number
    readonly code?: string
    readonly message: string
  }
  readonly pause?: { readonly since: number; readonly by: string }
  /** Milliseconds since the epoch: until then the destination asked to wait. */
  readonly waitsUntil?: number
}

/** What the console asks of a runtime. */
export type RuntimeView = {
  /** As they run now. */
  connections(): readonly Connection[]
  status(): readonly ConnectionStatus[]
  pause(name: string, by: string): Promise<void>
  resume(name: string): Promise<void>
  tryNow(name: string): Promise<void>
  testAuthentication(name: string): Promise<AuthenticationTest>
}

/** The name under which a connection runs. */
export const nameOf = ({ name, destination }: Connection): string =>
  name ?? destination.slug ?? destination.name
