/**
 * Sees that a member is one of a few words; absent is fine.
 * @throws RangeError
 */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value as string))
    throw new RangeError(`${name}: "${String(value)}" is not one of ${choices.join(', ')}`)
}
