import { isDeepStrictEqual } from 'node:util'
import * as reference from '@segment/actions-core'
import * as facade from 'waybill/actions-core'

export type Core = typeof reference

/** The module under test, with the type of the one whose place it takes. */
export const ours = facade as unknown as Core
export const theirs: Core = reference

/** What a call came to: its value, or all that callers can tell of its error. */
export async function outcomeOf(run: () => unknown): Promise<unknown> {
  try {
    return { value: await run() }
  } catch (error) {
    return { thrown: describeError(error) }
  }
}

/** Several mistakes of a mapping are compared one by one: the message of the whole holds places in the code. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { value: error }
  const { name, message, status, code, response } = error as Error & Record<string, unknown>
  if (name === 'AggregateError')
    return { name, errors: [...(error as unknown as Iterable<Error>)].map(describeError) }
  return {
    name,
    message,
    status,
    code,
    keys: Object.keys(error),
    constructor: error.constructor.name,
    ...(response ? { answer: describeResponse(response as reference.ModifiedResponse) } : {}),
  }
}

/** What callers can tell of a response. */
export function describeResponse(response: reference.ModifiedResponse): unknown {
  const { status, statusText, ok, url, redirected, content, data } = response
  return { status, statusText, ok, url, redirected, content, data, headers: [...response.headers.entries()] }
}

/** Demands that both modules come to the same outcome, the order of members included. */
export async function expectSame(run: (core: Core) => unknown): Promise<unknown> {
  const expected = await outcomeOf(() => run(theirs))
  const actual = await outcomeOf(() => run(ours))
  expectEqual(actual, expected)
  return expected
}

/** As `expect(actual).toStrictEqual(expected)` with the order of members, but quick where they are equal. */
export function expectEqual(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected) && JSON.stringify(actual) === JSON.stringify(expected)) return
  expect(actual).toEqual(expected)
  expect(JSON.stringify(actual)).toBe(JSON.stringify(expected))
  // Equal but for the prototypes of objects, or for members that are undefined.
  expect(actual).toStrictEqual(expected)
}

let fresh: Core | undefined
let uses = 0

/** The reference keeps every schema for ever: it is loaded anew after many of them. */
export function freshReference(): Core {
  uses += 1
  if (fresh === undefined || uses % 500 === 0)
    jest.isolateModules(() => {
      fresh = require('@segment/actions-core')
    })
  return fresh as Core
}

/** A deep copy, since both modules may change what they are given. */
export const copy = <T>(value: T): T => structuredClone(value)
