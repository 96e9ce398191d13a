import type { Report } from './problems'

const reference = /\$?\$\{([^}]*)\}/g
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Settings after substitution, and which values came from the environment. */
export type Substituted = { readonly value: unknown; readonly secrets: readonly string[] }

/**
 * Replaces `${NAME}` in all texts of a value by environment variables; `$${NAME}` stands for the text `${NAME}`.
 * A variable that is not set or empty is a problem at the path of its text. This is the only place where waybill
 * reads the environment.
 */
export function substituteEnvironment(
  value: unknown,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
  report: Report,
): Substituted {
  const secrets: string[] = []
  const lookUp = (name: string, place: string): string => {
    if (!variableName.test(name)) {
      report(
        place,
        `"\${${name}}" is not a reference to an environment variable; write "$\${${name}}" for the text itself`,
      )
      return ''
    }
    const found = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (found) secrets.push(found)
    else report(place, `the environment variable ${name} is ${found === '' ? 'empty' : 'not set'}`)
    return found ?? ''
  }
  const walk = (part: unknown, place: string): unknown => {
    if (typeof part === 'string')
      return part.replace(reference, (whole, name: string) =>
        whole.startsWith('$$') ? whole.slice(1) : lookUp(name, place),
      )
    if (Array.isArray(part)) return part.map((item, index) => walk(item, `${place}[${index}]`))
    if (typeof part === 'object' && part !== null)
      return Object.fromEntries(
        Object.entries(part).map(([key, item]) => [key, walk(item, `${place}.${key}`)]),
      )
    return part
  }
  return { value: walk(value, path), secrets }
}
