import { ConfigurationError } from 'waybill'
import type { Manifest } from './manifest'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeName = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}

/** What a part of a manifest has to be, and how its members are checked. */
type Check = (value: unknown, path: string) => void

const fail = (path: string, expected: string, value: unknown): never => {
  throw new ConfigurationError('INVALID_MANIFEST', `expected ${expected}, got ${typeName(value)}`, { path })
}

const text: Check = (value, path) => {
  if (typeof value !== 'string') fail(path, 'a text', value)
}

const anything: Check = () => undefined

const optional =
  (check: Check): Check =>
  (value, path) => {
    if (value !== undefined) check(value, path)
  }

const list =
  (item: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return fail(path, 'a list', value)
    for (const [index, entry] of value.entries()) item(entry, `${path}[${index}]`)
  }

const record =
  (member: Check): Check =>
  (value, path) => {
    if (!isObject(value)) return fail(path, 'an object', value)
    for (const [key, entry] of Object.entries(value)) member(entry, path === '' ? key : `${path}.${key}`)
  }

const shape =
  (members: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isObject(value)) return fail(path, 'an object', value)
    for (const [key, check] of Object.entries(members)) check(value[key], `${path}.${key}`)
  }

const choices = optional(list(shape({ value: anything })))

const field: Check = (value, path) =>
  shape({ type: text, choices, properties: optional(record(field)) })(value, path)

const destination = shape({
  name: text,
  authentication: text,
  integrationNames: optional(list(text)),
  settings: record(field),
  presets: list(shape({ name: text, action: text, filter: text })),
  actions: record(
    shape({ title: text, fields: record(field), syncMode: optional(shape({ default: text, choices })) }),
  ),
})

/**
 * Reads the text of a manifest's file.
 * @throws ConfigurationError INVALID_MANIFEST, with the path of what is wrong.
 */
export function readManifest(content: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch (error) {
    throw new ConfigurationError('INVALID_MANIFEST', `not JSON: ${(error as Error).message}`, {
      cause: error,
    })
  }
  if (!isObject(value) || !('destinations' in value))
    throw new ConfigurationError('INVALID_MANIFEST', 'no manifest; `waybill manifest` writes one')
  if (value.version !== 1)
    throw new ConfigurationError(
      'INVALID_MANIFEST',
      `this is version ${JSON.stringify(value.version)} of the format, and only 1 is known; update waybill`,
    )
  record(destination)(value.destinations, 'destinations')
  return value as Manifest
}
