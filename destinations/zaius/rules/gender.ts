const letters = new Map<string, 'F' | 'M'>([
  ['f', 'F'],
  ['female', 'F'],
  ['woman', 'F'],
  ['m', 'M'],
  ['male', 'M'],
  ['man', 'M'],
])

/** The one letter that ODP keeps, or undefined for anything that is neither. */
export const gender = (value: unknown): 'F' | 'M' | undefined =>
  typeof value === 'string' ? letters.get(value.trim().toLowerCase()) : undefined
