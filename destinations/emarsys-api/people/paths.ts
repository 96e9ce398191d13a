import { PayloadValidationError } from 'waybill'

export type Read = (root: unknown) => unknown

/**
 * Reads a member of a message: `traits.email`, `products[0].sku`, `traits["e.mail"]`, `traits -> email`, with or without
 * `$.` before it. Own members only.
 * @throws PayloadValidationError for what is no path.
 */
export function readerOf(path: unknown): Read {
  if (typeof path !== 'string') throw new PayloadValidationError('a path is a text such as traits.email')
  const names = path
    .trim()
    .replace(/^\$\./, '')
    .split(/\s*->\s*/)
    .flatMap((part) => namesOf(part, path))
  return (root) => {
    let value = root
    for (const name of names) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
      value = (value as Record<string, unknown>)[name]
    }
    return value
  }
}

const step = /^(?:\.?([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\])/

function namesOf(part: string, path: string): string[] {
  const names: string[] = []
  let rest = part
  while (rest !== '') {
    const match = step.exec(rest)
    if (match === null || (names.length === 0 && rest.startsWith('.')))
      throw new PayloadValidationError(`"${path}" is no path; write traits.email, or traits -> email`)
    names.push(match[1] ?? match[2] ?? (JSON.parse(`"${match[3]}"`) as string))
    rest = rest.slice(match[0].length)
  }
  if (names.length === 0) throw new PayloadValidationError(`"${path}" is no path`)
  return names
}
