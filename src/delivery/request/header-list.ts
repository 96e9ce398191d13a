import type { RawHeader } from './transport'

/** Headers of a request: lower-case names and values in turn. Cheaper to build and to send than an object. */
export type HeaderList = string[]

/** Headers as a definition gives them: an object, pairs, or the `Headers` of any `fetch`. */
export type GivenHeaders =
  | Readonly<Record<string, string | undefined>>
  | Iterable<readonly [string, string | undefined]>

/** The value of a header, by its lower-case name. */
export function headerValue(list: readonly string[], name: string): string | undefined {
  for (let index = 0; index < list.length; index += 2) if (list[index] === name) return list[index + 1]
  return undefined
}

/** Adds a header, or replaces it. `name` in lower case. */
export function setHeader(list: HeaderList, name: string, value: string): void {
  for (let index = 0; index < list.length; index += 2)
    if (list[index] === name) {
      list[index + 1] = value
      return
    }
  list.push(name, value)
}

/** Takes a header out. `name` in lower case. */
export function removeHeader(list: HeaderList, name: string): void {
  for (let index = 0; index < list.length; index += 2)
    if (list[index] === name) {
      list.splice(index, 2)
      return
    }
}

/** Puts given headers over those of the list; `undefined` takes one out, also as text, like in the reference. */
export function applyHeaders(list: HeaderList, given: GivenHeaders | undefined): void {
  if (given === undefined || given === null) return
  if (Symbol.iterator in given) {
    for (const [name, value] of given) applyHeader(list, name, value)
    return
  }
  for (const name in given) if (Object.hasOwn(given, name)) applyHeader(list, name, given[name])
}

function applyHeader(list: HeaderList, givenName: string, value: string | undefined): void {
  const name = givenName.toLowerCase()
  if (value === undefined || value === 'undefined') removeHeader(list, name)
  else setHeader(list, name, typeof value === 'string' ? value : String(value))
}

/** The headers as an object, for programming interfaces that want one. */
export function headersAsObject(list: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let index = 0; index + 1 < list.length; index += 2)
    headers[list[index] as string] = list[index + 1] as string
  return headers
}

/** The value of a header of an answer, by its lower-case name; only names of the right length are decoded. */
export function rawHeaderValue(rawHeaders: readonly RawHeader[], name: string): string | undefined {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index] as RawHeader
    if (candidate.length === name.length && candidate.toString('latin1').toLowerCase() === name)
      return (rawHeaders[index + 1] as RawHeader).toString('latin1')
  }
  return undefined
}
