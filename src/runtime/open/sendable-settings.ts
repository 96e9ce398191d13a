import { isCredentialName } from '../../delivery/request/credential-names'
import type { GivenHeaders } from '../../delivery/request/header-list'
import type { Problem } from '../../errors'

type Fields = Readonly<Record<string, { readonly type?: string }>>
type Settings = Readonly<Record<string, unknown>>

/** White space, and characters of no width, that come along when a key is copied or read from a file. */
const surrounding = /^[\s\u200b-\u200d\u2060]+|[\s\u200b-\u200d\u2060]+$/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\x00-\x1f\x7f]/
const outsideAscii = /[^\x20-\x7e\t]/
/** Keys that consist of several lines, such as those of service accounts, go into no header. */
const ofSeveralLines = /-----BEGIN |^\s*\{/

const isSecretField = (fields: Fields, name: string): boolean =>
  (Object.hasOwn(fields, name) && fields[name]?.type === 'password') || isCredentialName(name)

/** The settings with their keys trimmed, and the names of those that white space was taken from. */
export function trimKeys(fields: Fields = {}, settings: Settings): { settings: Settings; trimmed: string[] } {
  const trimmed: string[] = []
  const result: Record<string, unknown> = { ...settings }
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value !== 'string' || !isSecretField(fields, name) || ofSeveralLines.test(value)) continue
    const bare = value.replace(surrounding, '')
    // What is nothing but white space is left for the check to complain about.
    if (bare === value || bare === '') continue
    result[name] = bare
    trimmed.push(name)
  }
  return { settings: result, trimmed }
}

/** What is wrong with settings that could never be sent. Says where, and never a value. */
export function unsendable(fields: Fields = {}, settings: Settings, path: string): Problem[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value !== 'string') return []
    const problem =
      addressProblem(value) ?? (isSecretField(fields, name) ? keyProblem(name, value) : undefined)
    return problem === undefined ? [] : [problemAt(`${path}.${name}`, problem)]
  })
}

/** Basic credentials are sent in base64, so a password may hold any letter; a key or a token goes into a header. */
function keyProblem(name: string, value: string): string | undefined {
  if (ofSeveralLines.test(value)) return undefined
  const broken = control.exec(value)
  if (broken)
    return `holds a line break or another control character at position ${broken.index + 1}, which cannot be sent`
  return /key|token/i.test(name) ? characterProblem(value) : undefined
}

function characterProblem(value: string): string | undefined {
  const found = outsideAscii.exec(value)
  if (!found) return undefined
  const code = (value.codePointAt(found.index) as number).toString(16).toUpperCase().padStart(4, '0')
  return `holds the character U+${code} at position ${found.index + 1}, which no HTTP header can carry; copy it again`
}

function addressProblem(value: string): string | undefined {
  const credentials = /^https?:\/\/([^/?#]*)@/i.exec(value)?.[1]
  return credentials !== undefined && /%(?![0-9a-f]{2})/i.test(credentials)
    ? 'the user or password in this address holds a percent sign by itself; write %25 for it'
    : undefined
}

/** What is wrong with the headers that a destination makes of its settings, by the setting that is to blame. */
export function unsendableHeaders(
  headers: GivenHeaders | undefined,
  settings: Settings,
  path: string,
): Problem[] {
  if (typeof headers !== 'object' || headers === null) return []
  const pairs: Iterable<readonly [string, unknown]> =
    Symbol.iterator in headers ? headers : Object.entries(headers)
  return [...pairs].flatMap(([header, value]) => {
    const problem =
      typeof value === 'string' && outsideAscii.test(value) ? characterProblem(value) : undefined
    if (problem === undefined) return []
    const name = Object.keys(settings).find((key) => isPartOf(settings[key], value as string))
    return name === undefined
      ? [problemAt(path, `the header ${header} that the destination makes of them ${problem}`)]
      : [problemAt(`${path}.${name}`, characterProblem(settings[name] as string) as string)]
  })
}

const isPartOf = (setting: unknown, header: string): boolean =>
  typeof setting === 'string' && outsideAscii.test(setting) && header.includes(setting)

const problemAt = (path: string, message: string): Problem => ({ path, code: 'INVALID_SETTINGS', message })
