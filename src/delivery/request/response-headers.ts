/** Headers of an answer: names in any case, several values of a name joined by a comma. */
export class ResponseHeaders {
  private readonly values = new Map<string, string>()

  constructor(rawHeaders: readonly string[]) {
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = (rawHeaders[index] as string).toLowerCase()
      const value = rawHeaders[index + 1] as string
      const earlier = this.values.get(name)
      this.values.set(name, earlier === undefined ? value : `${earlier}, ${value}`)
    }
  }

  get(name: string): string | null {
    return this.values.get(name.toLowerCase()) ?? null
  }
  has(name: string): boolean {
    return this.values.has(name.toLowerCase())
  }
  forEach(callback: (value: string, name: string) => void): void {
    for (const [name, value] of this.values) callback(value, name)
  }
  entries(): IterableIterator<[string, string]> {
    return this.values.entries()
  }
  keys(): IterableIterator<string> {
    return this.values.keys()
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.values.entries()
  }
  /** A plain object, names in lower case. */
  toJSON(): Record<string, string> {
    return Object.fromEntries(this.values)
  }
}
