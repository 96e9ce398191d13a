export type Traits = Readonly<Record<string, unknown>>

/** `first_name`, `First Name` and `FIRSTNAME` are one trait. */
export const traitName = (key: string): string => key.toLowerCase().replace(/[\s_.-]/g, '')

/** A trait under any spelling of its name; an exact spelling goes before the others. */
export function findTrait(traits: Traits, name: string): unknown {
  if (Object.hasOwn(traits, name)) return traits[name]
  const wanted = traitName(name)
  const key = Object.keys(traits).find((candidate) => traitName(candidate) === wanted)
  return key === undefined ? undefined : traits[key]
}

/** A trimmed text; undefined for blanks and for anything that is no text, so that a blank never wipes stored data. */
export function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const trimmed = value.trim()
  return trimmed === '' ? undefined : trimmed
}

/** A text or a finite number, as trimmed text; undefined for anything else. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : text(value)
}
