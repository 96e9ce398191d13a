import type { JSONObject } from '@segment/actions-core'
import uniq from 'lodash/uniq'
import uniqBy from 'lodash/uniqBy'
import { isObject } from '../../pipeline/mapping/type-name'
import { compilePreparation, InvalidPayload } from '../../pipeline/prepare'
import { buildEvent } from '../build-event'
import { missing } from '../filter/candidates'
import { everyKind } from './mapping-events'
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

/** Rounds of the search below; a value that another one depends on may come late. */
const rounds = 3

/**
 * Why no event gives a field a value that fits it, if so. The paths of the mapping are given values of every kind, and
 * those that the field and its properties ask for: one path after another keeps the value that leaves the fewest
 * problems, so that an object of many properties is found as fast as one of few. A value that is empty by design fits.
 */
export function fitProblem(key: string, field: unknown, value: unknown): string | undefined {
  if (!isObject(field) || value === undefined || value === null || value === '') return undefined
  const preparation = prepared(key, field, value)
  if (preparation === undefined) return undefined
  const paths = uniqBy(
    mappingPaths(value).map(({ keys }) => keys),
    (keys) => JSON.stringify(keys),
  )
  const values = uniq([...everyKind, ...valuesOf(field)])
  let problem: string | undefined
  /** How many problems an event leaves; Infinity for values that contradict each other. */
  const problemsOf = (assignment: readonly unknown[]): number => {
    const event = buildEvent(new Map(paths.map((path, index) => [path, assignment[index]])))
    if (event === undefined) return Infinity
    const payload = preparation.prepare(event)
    if (!(payload instanceof InvalidPayload)) return 0
    problem ??= payload.message
    return Math.max(payload.fields.length, 1)
  }
  for (const start of [missing, 'text', 5, true]) {
    let best = paths.map(() => start as unknown)
    let fewest = problemsOf(best)
    for (let round = 0; round < rounds && fewest > 0; round++) {
      const before = fewest
      for (const index of paths.keys())
        for (const candidate of values) {
          if (fewest === 0) break
          const tried = best.with(index, candidate)
          const count = problemsOf(tried)
          if (count < fewest) [best, fewest] = [tried, count]
        }
      if (fewest === before) break
    }
    if (fewest === 0) return undefined
  }
  return problem
}

function prepared(key: string, field: Record<string, unknown>, value: unknown) {
  // Conditions speak of other fields, which are not there.
  const alone = { ...field, required: false, properties: withoutConditions(field.properties) }
  try {
    return compilePreparation({ fields: { [key]: alone }, mapping: { [key]: value } as JSONObject })
  } catch {
    // Mistakes of mappings and definitions are findings of their own.
    return undefined
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

/** What a field and everything in it may ask for. */
function valuesOf(field: Record<string, unknown>): unknown[] {
  const values: unknown[] = []
  const open: Record<string, unknown>[] = [field]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    values.push(...choicesOf(next), ...(next.format === undefined ? [] : ofFormats), ...numbersOf(next))
    if (next.type === 'datetime') values.push(...ofFormats)
    if (isObject(next.properties)) open.push(...Object.values(next.properties).filter(isObject))
  }
  return values
}

/** Of a long list the first choices do as well as all of them. */
const mostChoices = 20

const choicesOf = ({ choices }: Record<string, unknown>): unknown[] =>
  Array.isArray(choices)
    ? choices.slice(0, mostChoices).map((choice) => (isObject(choice) ? choice.value : choice))
    : []

const numbersOf = ({ minimum, maximum }: Record<string, unknown>): unknown[] =>
  [minimum, maximum].flatMap((bound) =>
    typeof bound === 'number' ? [bound, 'x'.repeat(Math.min(Math.max(bound, 0), 1_000))] : [],
  )
