import { buildEvent } from '../build-event'
import { missing } from '../filter/candidates'
import type { Keys } from '../filter/condition-tree'

type Event = Readonly<Record<string, unknown>>

/** Values of every kind that a directive may treat in its own way. */
export const everyKind: readonly unknown[] = [
  missing,
  'text',
  null,
  '',
  0,
  false,
  true,
  5,
  '5',
  [],
  ['text'],
  [{ member: 'text' }],
  {},
  { member: null, other: 'text' },
  '{"json":1}',
  '  ',
]

const mostEvents = 1_500
const mostRandomEvents = 500

/** A generator of numbers that always gives the same ones, so that findings do not change from run to run. */
function createSequence(): (below: number) => number {
  let state = 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

/**
 * Events that give the paths all these values: every combination where there are not too many; else each path alone,
 * and a fixed choice of others.
 */
export function* mappingEvents(
  paths: readonly Keys[],
  values: readonly unknown[] = everyKind,
): Generator<Event> {
  const keys = withoutRepeats(paths)
  const assignments =
    values.length ** keys.length <= mostEvents ? product(keys.length, values) : someOf(keys.length, values)
  for (const assignment of assignments) {
    const event = buildEvent(new Map(keys.map((path, index) => [path, assignment[index]])))
    if (event !== undefined) yield event
  }
}

function withoutRepeats(paths: readonly Keys[]): Keys[] {
  return [...new Map(paths.map((keys) => [JSON.stringify(keys), keys])).values()]
}

function* product(length: number, values: readonly unknown[]): Generator<unknown[]> {
  if (length === 0) yield []
  else for (const rest of product(length - 1, values)) for (const value of values) yield [...rest, value]
}

function* someOf(length: number, values: readonly unknown[]): Generator<unknown[]> {
  const next = createSequence()
  for (const from of values.slice(0, 2))
    for (let index = 0; index < length; index++)
      for (const value of values)
        yield Array.from({ length }, (_, position) => (position === index ? value : from))
  for (let count = 0; count < mostRandomEvents; count++)
    yield Array.from({ length }, () => values[next(values.length)])
}
