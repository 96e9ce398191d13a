import type { FieldManifest, FieldsManifest } from './manifest'

const formatted: Readonly<Record<string, string>> = {
  email: 'ada@example.com',
  uri: 'https://example.com/',
  'uri-reference': '/path',
  'uri-template': 'https://example.com/{id}',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '3f2c1b7e-5d44-4c1a-9b0e-2f6a7c8d9e10',
  date: '2026-01-15',
  time: '12:00:00Z',
  'date-time': '2026-01-15T12:00:00Z',
  regex: '^a',
}

/** A text of the length that the field asks for. */
function sampleText(key: string, { format, minimum = 0, maximum }: FieldManifest): string {
  const known = format === undefined ? undefined : formatted[format]
  return known ?? key.padEnd(minimum, '-').slice(0, maximum)
}

function sampleOf(key: string, field: FieldManifest): unknown {
  const [choice] = field.choices ?? []
  if (choice !== undefined) return choice.value
  switch (field.type) {
    case 'boolean':
      return true
    case 'number':
    case 'integer':
      return field.minimum ?? Math.min(1, field.maximum ?? 1)
    case 'datetime':
      return '2026-01-15T12:00:00Z'
    case 'object':
      return sampleValues(field.properties ?? {})
    default:
      return sampleText(key, field)
  }
}

/** Values that fit all fields which are required without a condition. */
export const sampleValues = (fields: FieldsManifest): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field.required === true)
      .map(([key, field]) => [key, field.multiple ? [sampleOf(key, field)] : sampleOf(key, field)]),
  )
