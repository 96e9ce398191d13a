import { isCredentialName } from './credential-names'

/** Properties of tokens that are words of a standard. */
const standardWords = /^(?:token_?type|scopes?|expires?_?\w*|grant_?type|created_?at|type)$/i
/** Parts of the path of a webhook's address that are shorter are words of the vendor's. */
const minimumPartLength = 8
const maxValues = 1_000

type Fields = Readonly<Record<string, { readonly type?: string }>>

/**
 * The secrets of a connection: its settings of type `password`, those that are named like one (`apiKey`, `pwd`,
 * `accountSid`), what is secret in addresses (user, password, signed parameters, the path of a webhook), and all
 * tokens of its `oauth` settings and below, however deep they lie.
 */
export function secretsOf(fields: Fields | undefined, settings: Readonly<Record<string, unknown>>): string[] {
  const secrets = new Set<string>()
  const known = fields ?? {}
  for (const [name, value] of Object.entries(settings))
    collect(
      name,
      value,
      name === 'oauth' || (Object.hasOwn(known, name) && known[name]?.type === 'password'),
      secrets,
    )
  return [...secrets]
}

type Found = { readonly name: string; readonly value: unknown; readonly isSecret: boolean }

function collect(name: string, value: unknown, isSecret: boolean, secrets: Set<string>): void {
  const left: Found[] = [{ name, value, isSecret }]
  for (let seen = 0; left.length > 0 && seen < maxValues; seen++) {
    const found = left.pop() as Found
    const { value: current } = found
    const isCredential = (found.isSecret || isCredentialName(found.name)) && !standardWords.test(found.name)
    if (typeof current === 'object' && current !== null)
      for (const [key, inner] of Object.entries(current))
        left.push({ name: Array.isArray(current) ? found.name : key, value: inner, isSecret: isCredential })
    else if (typeof current === 'string') {
      if (isCredential && current.trim() !== '') secrets.add(current)
      for (const secret of addressSecrets(current, isCredential)) secrets.add(secret)
      const inner = isCredential ? parsedObject(current) : undefined
      // The key file of a service account says itself what in it is secret.
      if (inner !== undefined) left.push({ name: '', value: inner, isSecret: false })
    } else if (isCredential && (typeof current === 'number' || typeof current === 'bigint'))
      secrets.add(String(current))
  }
}

function parsedObject(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is secret in an address. `isSecret`: its path too, as that of a webhook. */
function addressSecrets(text: string, isSecret: boolean): string[] {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return []
  const { username, password, searchParams, pathname, hostname } = new URL(text)
  const isWebhook = isSecret || /(?:^|[./-])(?:web)?hooks?(?:[./-]|$)/i.test(hostname + pathname)
  const segments = isWebhook ? pathname.split('/').filter(({ length }) => length >= minimumPartLength) : []
  const parameters = [...searchParams].filter(([name]) => isSecret || isCredentialName(name))
  return [password, password === '' ? username : '', ...segments, ...parameters.map(([, value]) => value)]
    .flatMap((part) => [part, percentDecoded(part)])
    .filter((part) => part !== '' && !/^(?:web)?hooks?$|^services$/i.test(part))
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
