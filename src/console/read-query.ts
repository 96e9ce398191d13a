import { type OutcomeKind, outcomeKinds } from '../outcome'
import { type SeriesRange, seriesRanges } from '../telemetry/series'
import { badRequest, type Call } from './route'
import type { DeadQuery, Selection } from './shapes'
import type { PageQuery } from './source'

const maxLimit = 200
const defaultLimit = 100

/** `limit` and `after`. */
export function readPage(call: Call): PageQuery {
  const text = call.query('limit')
  const limit = text === undefined ? defaultLimit : Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
    throw badRequest(`limit: give a whole number from 1 to ${maxLimit}`)
  const after = call.query('after')
  return { limit, ...(after !== undefined && after !== '' && { after }) }
}

/** `range`; an hour by default. */
export function readRange(call: Call): SeriesRange {
  const text = call.query('range') ?? '1h'
  if ((seriesRanges as readonly string[]).includes(text)) return text as SeriesRange
  throw badRequest(`range: give one of ${seriesRanges.join(', ')}`)
}

/** `kind`, several with commas; undefined for all. */
export function readKinds(text: string | undefined): readonly OutcomeKind[] | undefined {
  if (text === undefined || text === '') return undefined
  const kinds = text.split(',')
  const wrong = kinds.find((kind) => !(outcomeKinds as readonly string[]).includes(kind))
  if (wrong !== undefined) throw badRequest(`kind: "${wrong}" is none of ${outcomeKinds.join(', ')}`)
  return kinds as OutcomeKind[]
}

/** A parameter that is passed on where it is given. */
export const optional = <Name extends string>(
  call: Call,
  name: Name,
): { readonly [Key in Name]?: string } => {
  const value = call.query(name)
  return (value === undefined || value === '' ? {} : { [name]: value }) as { readonly [Key in Name]?: string }
}

/** `group`, `connection`, `q` and `within` (milliseconds). */
export function readDeadQuery(call: Call): DeadQuery {
  return deadQueryOf({
    group: call.query('group'),
    connection: call.query('connection'),
    q: call.query('q'),
    withinMs: call.query('within') === undefined ? undefined : Number(call.query('within')),
  })
}

function deadQueryOf(given: Readonly<Record<string, unknown>>): DeadQuery {
  const unknown = Object.keys(given).find((key) => !['group', 'connection', 'q', 'withinMs'].includes(key))
  if (unknown !== undefined) throw badRequest(`filter.${unknown}: there is no such filter`)
  for (const key of ['group', 'connection', 'q'])
    if (given[key] !== undefined && typeof given[key] !== 'string') throw badRequest(`${key}: give a text`)
  const { withinMs } = given
  if (withinMs !== undefined && !(typeof withinMs === 'number' && withinMs > 0 && Number.isFinite(withinMs)))
    throw badRequest('within: give milliseconds')
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== ''),
  ) as DeadQuery
}

const maxIds = 10_000

/** The body of a check, replay or drop. */
export function readSelection({ body }: Call): Selection {
  if ('ids' in body) {
    const { ids } = body
    if (
      !Array.isArray(ids) ||
      ids.length === 0 ||
      ids.length > maxIds ||
      ids.some((id) => typeof id !== 'string')
    )
      throw badRequest(`ids: give 1 to ${maxIds} ids of dead letters`)
    return { ids: ids as string[] }
  }
  const { filter, asOf, expected } = body
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter))
    throw badRequest('give ids, or filter, asOf and expected')
  if (typeof asOf !== 'string' || Number.isNaN(Date.parse(asOf)))
    throw badRequest('asOf: give a time (ISO 8601)')
  if (typeof expected !== 'number' || !Number.isInteger(expected) || expected < 0)
    throw badRequest('expected: give the number of dead letters that you saw')
  return { filter: deadQueryOf(filter as Record<string, unknown>), asOf, expected }
}
