import { nearest } from '../../nearest'

const maxPaths = 500

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
/** `order_id` and `orderId` are the same to a person. */
const bare = (name: string): string => name.replaceAll(/[_\-\s]/g, '').toLowerCase()

/**
 * The path of an event that was probably meant by one that finds nothing: `properties.orderId` for
 * `properties.order_id`. Only names that are spelled nearly alike count.
 */
export function nearestPath(wanted: string, paths: readonly string[]): string | undefined {
  const last = lastPart(wanted)
  const others = paths.filter((path) => path !== wanted)
  const same = others.find((path) => bare(lastPart(path)) === bare(last))
  if (same !== undefined) return same
  const name = nearest(last, others.map(lastPart))
  return name === undefined || Math.abs(name.length - last.length) > 2
    ? undefined
    : others.find((path) => lastPart(path) === name)
}

/** The paths of an event, breadth first, at most 500. */
export function pathsOf(event: unknown): string[] {
  const paths: string[] = []
  const queue: (readonly [string, unknown])[] = [['', event]]
  for (const [path, value] of queue) {
    if (paths.length >= maxPaths) break
    if (path !== '') paths.push(path)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, item] of Object.entries(value))
        queue.push([path === '' ? key : `${path}.${key}`, item])
  }
  return paths
}
