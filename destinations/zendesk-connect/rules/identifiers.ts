/** An id that is there: a text that is not blank, or a finite number. Connect stores ids as text; 1 and "1" are one user. */
export function identifier(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** The first id that is there. */
export function firstIdentifier(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const id = identifier(value)
    if (id !== undefined) return id
  }
  return undefined
}

/** Whether an id looks like an e-mail address: something, @, a domain with a dot. */
export const isEmail = (value: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
