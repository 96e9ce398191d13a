/**
 * What a change asks of a version number. `major`: a stored mapping, subscription or configuration is refused, or
 * sends something else than before. `minor`: something can be done that could not, or is done in another way. `patch`:
 * words.
 */
export type Grade = 'major' | 'minor' | 'patch'

/** From the gravest to the least. */
export const grades: readonly Grade[] = ['major', 'minor', 'patch']

export type Change = {
  readonly grade: Grade
  /** Where: `zaius.actions.trackEvent.fields.type`. */
  readonly path: string
  /** What changed, and whom it concerns. */
  readonly message: string
}

/** A change before it is known where. */
export type Finding = Omit<Change, 'path'>

export const major = (message: string): Finding => ({ grade: 'major', message })
export const minor = (message: string): Finding => ({ grade: 'minor', message })
export const patch = (message: string): Finding => ({ grade: 'patch', message })

/** Findings, those that are undefined left out, with where they were made. */
export const at = (path: string, findings: readonly (Finding | undefined)[]): Change[] =>
  findings.flatMap((finding) =>
    finding === undefined ? [] : [{ grade: finding.grade, path, message: finding.message }],
  )

/** The gravest grade among changes; undefined where there are none. */
export const gravest = (changes: readonly Change[]): Grade | undefined =>
  grades.find((grade) => changes.some((change) => change.grade === grade))

/** True when both are the same JSON, whatever the order of members. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every(
      (key) =>
        Object.hasOwn(other, key) &&
        isSame((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
    )
  )
}

/** A value in a message. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** Of a member that words describe: nothing depends on it. */
export const words = (name: string, before: unknown, after: unknown): Finding | undefined =>
  isSame(before, after) ? undefined : patch(`the ${name} changed`)

/** Of a switch: what it means that it is on now, and that it no longer is. */
export const switched = (before: unknown, after: unknown, on: Finding, off: Finding): Finding | undefined => {
  if (Boolean(before) === Boolean(after)) return undefined
  return after ? on : off
}
