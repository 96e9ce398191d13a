import type { SegmentEvent } from 'waybill'
import { probePayload } from './probe'
import { type SampleField, sampleValue } from './sample-value'

type Fields = Readonly<Record<string, SampleField>>
type Mapping = Record<string, unknown>

/** Which fields a mapping fills: those that must be there, all of them, or those that have a default. */
export type Extent = 'required' | 'all' | 'defaults'

/** Fields that steer batching; the runtime reads them, and the vendor never sees them. */
const isSteering = (key: string): boolean => /^(enable_batching|batch_(size|bytes|keys))$/.test(key)

/** The fields' own defaults. */
export const defaultsOf = (fields: Fields): Mapping =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) =>
      field.default === undefined ? [] : [[key, field.default]],
    ),
  )

/**
 * A mapping that works with the event: defaults where they give a value that is valid, else made-up values. The given
 * mapping goes over both.
 */
export async function sampleMapping(
  fields: Fields,
  event: SegmentEvent,
  extent: Extent,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Mapping> {
  if (extent === 'defaults') return { ...defaultsOf(fields), ...given }
  const wanted = Object.entries(fields).filter(
    ([key, field]) => extent === 'all' || field.required === true || isSteering(key) || key in given,
  )
  const mapping: Mapping = { ...defaultsOf(Object.fromEntries(wanted)), ...given }
  const { payload } = await probePayload(optional(fields), mapping, event)
  for (const [key, field] of wanted)
    if (payload?.[key] === undefined && !(key in given) && !isSteering(key))
      mapping[key] = sampleValue(key, field)
  return withoutProblems(fields, mapping, event, given)
}

/** The fields with nothing required, to see what a mapping gives of itself. */
const optional = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, { ...field, required: false }]))

/** Replaces the values that the definition refuses, and adds what turns out to be required by other values. */
async function withoutProblems(
  fields: Fields,
  mapping: Mapping,
  event: SegmentEvent,
  given: Readonly<Record<string, unknown>>,
): Promise<Mapping> {
  const { outcome } = await probePayload(fields, mapping, event)
  if (outcome.kind !== 'invalid') return mapping
  const wrong = outcome.fields.map(({ path }) => path.split(/[.[]/, 1)[0] as string)
  const replaced = wrong
    .filter((key) => fields[key] !== undefined && !(key in given))
    .map((key) => [key, sampleValue(key, fields[key] as SampleField)])
  return { ...mapping, ...Object.fromEntries(replaced) }
}
