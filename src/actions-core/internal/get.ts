import { compatiblePathKeys, inheritedStep } from '../../pipeline/mapping/property-path'

/**
 * Reads a value by its path: a text such as `a.b[0]`, or a list of keys. `''` and `.` are the root. A step that is
 * 0, '', false or null ends the walk and is the result.
 */
export function get<T = unknown, Default = undefined>(
  root: unknown,
  path: string | readonly string[] | undefined | null,
): T | Default {
  if (path === '' || path === '.') return root as T
  if (path === null || path === undefined) return undefined as Default
  const keys = typeof path === 'string' ? compatiblePathKeys(path) : path
  return keys.reduce(inheritedStep, root) as T | Default
}
