import type { RawHeader } from './transport'

/** Headers of an answer: names in any case, several values of a name joined by a comma. Read when first asked for. */
export class ResponseHeaders {
  private readonly rawHeaders: readonly RawHeader[]
  private lazyByName: Map<string, string> | undefined

  constructor(rawHeaders: readonly RawHeader[]) {
    this.rawHeaders = rawHeaders
  }

  private get byName(): Map<string, string> {
    this.lazyByName ??= valuesByName(this.rawHeaders)
    return this.lazyByName
  }

  get(name: string): string | null {
    return this.byName.get(name.toLowerCase()) ?? null
  }
  has(name: string): boolean {
    return this.byName.has(name.toLowerCase())
  }
  forEach(callback: (value: string, name: string) => void): void {
    for (const [name, value] of this.byName) callback(value, name)
  }
  entries(): IterableIterator<[string, string]> {
    return this.byName.entries()
  }
  keys(): IterableIterator<string> {
    return this.byName.keys()
  }
  values(): IterableIterator<string> {
    return this.byName.values()
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.byName.entries()
  }
  /** A plain object, names in lower case. */
  toJSON(): Record<string, string> {
    return Object.fromEntries(this.byName)
  }
}

function valuesByName(rawHeaders: readonly RawHeader[]): Map<string, string> {
  const byName = new Map<string, string>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as RawHeader).toString('latin1').toLowerCase()
    const value = (rawHeaders[index + 1] as RawHeader).toString('latin1')
    const earlier = byName.get(name)
    byName.set(name, earlier === undefined ? value : `${earlier}, ${value}`)
  }
  return byName
}
