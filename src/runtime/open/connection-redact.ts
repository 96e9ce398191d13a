import { createRedact, type Redact } from '../../delivery/request/redact'

/** Renewed tokens that are still hidden: an answer may come late and echo the one before. */
const remembered = 8

/** A redactor of a connection, which learns the tokens that are renewed. */
export type ConnectionRedact = Redact & { learn(secrets: readonly (string | undefined)[]): void }

/** Creates a redactor for the secrets of a connection's settings. */
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
