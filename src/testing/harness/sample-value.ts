import { secretsOf } from 'waybill'
import { createRandom } from '../events/random'
import { realisticText } from './realistic-text'

/** A field of an action or of the settings, as far as a value for it is made up from it. */
export type SampleField = {
  readonly type: string
  readonly format?: string
  readonly choices?: readonly (string | number | { readonly value: string | number })[]
  readonly multiple?: boolean
  readonly properties?: Readonly<Record<string, SampleField>>
  readonly required?: unknown
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
}

/** One valid value of each format that a field may ask for. */
const byFormat: Readonly<Record<string, string>> = {
  date: '2026-01-15',
  time: '12:00:00Z',
  'date-time': '2026-01-15T12:00:00.000Z',
  'date-like': '2026-01-15T12:00:00.000Z',
  uri: 'https://example.com/sample',
  'uri-reference': '/sample',
  'uri-template': 'https://example.com/{id}',
  email: 'sample@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  regex: '^sample$',
  uuid: '6f1c2f0e-8f0b-4c52-9d4e-0d6f1b1f7a11',
}

/** A made-up value that fits a field: always the same for the same key and field. */
export function sampleValue(key: string, field: SampleField): unknown {
  const value = singleValue(key, field)
  return field.multiple ? [value] : value
}

function singleValue(key: string, field: SampleField): unknown {
  const [choice] = field.choices ?? []
  if (choice !== undefined) return typeof choice === 'object' ? choice.value : choice
  if (isSecret(key, field)) return createRandom(key).hex(32)
  switch (field.type) {
    case 'boolean':
      return true
    case 'number':
    case 'integer':
      return Math.min(Math.max(1, field.minimum ?? 1), field.maximum ?? Infinity)
    case 'datetime':
      return byFormat['date-time']
    case 'object':
      return field.properties === undefined
        ? { sample: 'value' }
        : Object.fromEntries(
            Object.entries(field.properties).map(([name, member]) => [name, sampleValue(name, member)]),
          )
    default:
      return byFormat[field.format ?? ''] ?? sampleText(key, field)
  }
}

/** Secrets are made up so that nothing else is taken for them. */
const isSecret = (key: string, field: SampleField): boolean =>
  field.format === undefined && secretsOf({ [key]: field }, { [key]: 'sample' }).length > 0

/** Of a text, `minimum` and `maximum` bound the length. */
const sampleText = (key: string, { minimum = 0, maximum = Infinity }: SampleField): string =>
  realisticText(key).padEnd(minimum, 'x').slice(0, maximum)

/** Settings with a value for each required field; fields with a default are left to it. */
export const sampleSettings = (fields: Readonly<Record<string, SampleField>> = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field.required === true && field.default === undefined)
      .map(([key, field]) => [key, sampleValue(key, field)]),
  )
