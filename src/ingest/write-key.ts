/** The write key of `Authorization: Basic`: all before the first colon; without a colon, all (old clients send it so). */
export function basicKey(authorization: string | undefined): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/_=-]+) *$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const key = colon === -1 ? text : text.slice(0, colon)
  return key === '' ? undefined : key
}

/** The token of `Authorization: Bearer`, which SDKs in OAuth mode send beside the key in the body. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]

/** The key that a body names itself. */
export function ownKey(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'writeKey')) return undefined
  const { writeKey } = value as { writeKey?: unknown }
  return typeof writeKey === 'string' && writeKey !== '' ? writeKey : undefined
}
