import { createRedact, type Redact } from '../../delivery/request/redact'
import { secretsOf } from '../../delivery/request/secrets-of'
import type { Connection } from '../options'

/** Renewed tokens that are still hidden: a response may come late and echo the one before. */
const remembered = 8

/** A redactor of a connection, which learns the tokens that are renewed. */
export type ConnectionRedact = Redact & { learn(secrets: readonly (string | undefined)[]): void }

/** Everything of a connection that nothing may show. */
export const secretsOfConnection = ({ destination, settings, secrets = [] }: Connection): string[] => [
  ...secretsOf(destination.authentication?.fields, settings),
  ...secrets,
]

/** Creates a redactor for the secrets of a connection. */
export function createConnectionRedact(secrets: readonly string[]): ConnectionRedact {
  let recent: string[] = []
  let current = createRedact(secrets)
  return {
    text: (text) => current.text(text),
    headers: (headers) => current.headers(headers),
    learn(learned) {
      recent = [...learned.filter((secret) => secret !== undefined), ...recent].slice(0, remembered)
      current = createRedact([...secrets, ...recent])
    },
  }
}

type FaultTexts = { readonly code?: string; readonly message: string; readonly vendorCode?: string }

/** The texts of a failure for people to read. The code too may come from the definition, or from the vendor. */
export const redactedFault = ({ code, message, vendorCode }: FaultTexts, redact: Redact): FaultTexts => ({
  ...(code === undefined ? {} : { code: redact.text(code) }),
  message: redact.text(message),
  ...(vendorCode === undefined ? {} : { vendorCode: redact.text(vendorCode) }),
})
