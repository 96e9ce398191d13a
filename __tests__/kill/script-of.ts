/** What the destination does with the attempts at one event, one after another; the last step is for all later ones too. */
export type Step =
  | 'ok'
  | 'error'
  | 'retry-after'
  | 'unavailable'
  | 'reset'
  | 'taken-then-reset'
  | 'refuse'
  | 'stall'

export const scripts: readonly (readonly Step[])[] = [
  ['ok'],
  ['ok'],
  ['ok'],
  ['error', 'ok'],
  ['retry-after', 'unavailable', 'ok'],
  ['reset', 'ok'],
  ['taken-then-reset', 'ok'],
  ['refuse'],
  ['stall', 'ok'],
  ['ok'],
]

/** Milliseconds that the step `retry-after` asks for. */
export const retryAfterMs = 200

/** The script of an event follows from its id alone, so that no state travels. */
export function scriptOf(id: string): readonly Step[] {
  let hash = 7
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return scripts[hash % scripts.length] as readonly Step[]
}
