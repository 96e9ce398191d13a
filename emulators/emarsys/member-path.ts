/** Reads one member of a message; undefined where it is absent. */
export type ReadMember = (message: unknown) => unknown

const segmentPattern = /([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/gy

/**
 * Compiles a path as the configuration page takes it: dots (`traits.email`), list positions (`products[0].sku`),
 * quoted names (`traits["e.mail"]`) or arrows (`traits -> email`). A leading `$.` is allowed. Own members only.
 * @throws RangeError for anything else.
 */
export function memberPath(path: string): ReadMember {
  const segments = path
    .replace(/^\s*\$\./, '')
    .split('->')
    .flatMap((part) => segmentsOf(part.trim(), path))
  return (message) => {
    let value = message
    for (const segment of segments) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
      value = (value as Record<string, unknown>)[segment]
    }
    return value
  }
}

function segmentsOf(part: string, path: string): string[] {
  const segments: string[] = []
  let position = 0
  while (position < part.length) {
    if (segments.length > 0 && part[position] === '.') position += 1
    segmentPattern.lastIndex = position
    const match = segmentPattern.exec(part)
    if (match === null) throw new RangeError(`"${path}" is no path`)
    segments.push(match[1] ?? match[2] ?? (JSON.parse(`"${match[3]}"`) as string))
    position = segmentPattern.lastIndex
  }
  if (segments.length === 0) throw new RangeError(`"${path}" is no path`)
  return segments
}
