import { createRedact, type Redact } from 'waybill'
import type { EmulatorAnswer, EmulatorRequest } from './emulator-types'

/** More than any test uses; the oldest go. */
const maxKeys = 200

/** Hides in what the control plane shows every key that requests carried. */
export type KeyHider = {
  learn(request: EmulatorRequest): void
  hide(answer: EmulatorAnswer): EmulatorAnswer
}

const byName = createRedact([])

/** Creates one that knows no keys. */
export function createKeyHider(): KeyHider {
  const keys = new Set<string>()
  let redact: Redact | undefined
  const add = (key: string): void => {
    if (key.length < 3 || keys.has(key)) return
    if (keys.size === maxKeys) keys.delete([...keys][0] as string)
    keys.add(key)
    redact = undefined
  }
  return {
    learn({ headers, query }) {
      for (const [name, shown] of Object.entries(byName.headers(headers)))
        if (shown !== headers[name]) for (const key of keysIn(headers[name] as string)) add(key)
      for (const [name, value] of query)
        if (byName.text(`?${name}=${value}`) !== `?${name}=${value}`) add(value)
    },
    hide(answer) {
      redact ??= createRedact([...keys])
      const { text, headers } = redact
      const body = JSON.stringify(answer.body, (name, value: unknown) => {
        if (typeof value === 'string') return text(value)
        return name === 'headers' && isHeaders(value) ? headers(value) : value
      })
      return answer.body === undefined ? answer : { ...answer, body: JSON.parse(body) as unknown }
    },
  }
}

const isHeaders = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((header) => typeof header === 'string')

/** The key of a header, alone or in Basic credentials; quoted parts of schemes such as WSSE. */
function keysIn(value: string): string[] {
  const [, scheme = '', credentials = value] = /^([A-Za-z]+) +(\S+)$/.exec(value) ?? []
  if (scheme.toLowerCase() !== 'basic')
    return [credentials, ...[...value.matchAll(/"([^"]{16,})"/g)].map(([, part]) => part as string)]
  const [user = '', ...password] = Buffer.from(credentials, 'base64').toString().split(':')
  return [credentials, password.join(':') || user]
}
