import type { JSONObject } from '@segment/actions-core'
import { isObject } from '../../pipeline/mapping/type-name'
import { compilePreparation, InvalidPayload } from '../../pipeline/prepare'
import { everyKind, mappingEvents } from './mapping-events'
import { mappingPaths } from './mapping-paths'

/** Texts of the formats that a field may ask for. */
const ofFormats: readonly unknown[] = [
  'person@example.com',
  'https://example.com/path',
  '/path',
  '2024-05-01T10:00:00.000Z',
  '2024-05-01',
  '10:00:00Z',
  'example.com',
  '192.0.2.1',
  '2001:db8::1',
  '2f1f5a0e-6b6c-4f6e-9b0a-3d1f5a0e6b6c',
  1_714_557_600,
]

/**
 * Why no event gives a field a value that fits it, if so: the mapping is tried on events that give its paths values of
 * every kind, and those that the field asks for. A value that is empty by design fits.
 */
export function fitProblem(key: string, field: unknown, value: unknown): string | undefined {
  if (!isObject(field) || value === undefined || value === null || value === '') return undefined
  const { preparation, fits } = prepared(key, field, value)
  if (preparation === undefined) return undefined
  const paths = mappingPaths(value).map(({ keys }) => keys)
  const values = [...choicesOf(field), ...ofFormats, ...numbersOf(field), ...everyKind]
  let problem: string | undefined
  for (const event of mappingEvents(paths, values)) {
    const payload = preparation.prepare(event)
    if (fits(payload)) return undefined
    problem ??= (payload as InvalidPayload).message
  }
  return problem
}

function prepared(key: string, field: Record<string, unknown>, value: unknown) {
  // Conditions speak of other fields, which are not there.
  const alone = { ...field, required: false, properties: withoutConditions(field.properties) }
  const fits = (payload: unknown): boolean => !(payload instanceof InvalidPayload)
  try {
    const mapping = { [key]: value } as JSONObject
    return { preparation: compilePreparation({ fields: { [key]: alone }, mapping }), fits }
  } catch {
    // Mistakes of mappings and definitions are findings of their own.
    return { preparation: undefined, fits }
  }
}

function withoutConditions(properties: unknown): unknown {
  if (!isObject(properties)) return properties
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [
      key,
      isObject(property) && isObject(property.required) ? { ...property, required: false } : property,
    ]),
  )
}

const choicesOf = ({ choices }: Record<string, unknown>): unknown[] =>
  Array.isArray(choices) ? choices.map((choice) => (isObject(choice) ? choice.value : choice)) : []

const numbersOf = ({ minimum, maximum }: Record<string, unknown>): unknown[] =>
  [minimum, maximum].flatMap((bound) =>
    typeof bound === 'number' ? [bound, 'x'.repeat(Math.min(Math.max(bound, 0), 1_000))] : [],
  )
