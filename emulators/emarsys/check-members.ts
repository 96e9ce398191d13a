/**
 * Sees that a part of a configuration is an object and has no member but the known ones: a misspelt name would be
 * passed over, and the rule would be another one than was meant.
 * @throws RangeError
 */
export function checkMembers<Part extends object>(part: Part, known: readonly (keyof Part & string)[]): void {
  if (typeof part !== 'object' || part === null || Array.isArray(part))
    throw new RangeError('an object is expected')
  const names: readonly string[] = known
  const unknown = Object.keys(part).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new RangeError(`there is no "${unknown}"; there are ${known.join(', ')}`)
}
