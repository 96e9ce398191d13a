import { createRuntime, isWaybillError } from 'waybill'
import { zendeskConnect } from 'waybill/destinations/zendesk-connect'

const connection = {
  destination: zendeskConnect,
  settings: { apiKey: 'ab'.repeat(16) },
  subscriptions: 'presets' as const,
}
const problemsOf = (options: object): [string, string][] => {
  try {
    createRuntime({ connections: [connection], ...options } as never)
    return []
  } catch (error) {
    if (!isWaybillError(error)) throw error
    return error.problems.map(({ path, message }) => [path, message])
  }
}

describe('options', () => {
  test.each<[object, string, string]>([
    [{ retrry: { forMs: 1 } }, 'retrry', 'there is no such option; did you mean "retry"?'],
    [{ retry: { forMS: 1 } }, 'retry.forMS', 'there is no such option; did you mean "forMs"?'],
    [
      { limits: { concurency: 1 } },
      'limits.concurency',
      'there is no such option; did you mean "concurrency"?',
    ],
    [{ on: { outcomes: () => 1 } }, 'on.outcomes', 'there is no such option; did you mean "outcome"?'],
    [{ limits: { concurrency: 0 } }, 'limits.concurrency', 'give a whole number above 0; this is 0'],
    [
      { limits: { timeoutMs: '5' } },
      'limits.timeoutMs',
      'give a number of milliseconds, 0 or more; this is a string',
    ],
    [{ retry: 5 }, 'retry', 'give an object; this is a number'],
    [
      { retry: { forMs: Number.NaN } },
      'retry.forMs',
      'give a number of milliseconds, 0 or more; this is NaN',
    ],
    [{ compatibility: 'yes' }, 'compatibility', 'give true or false; this is a string'],
    [{ on: { outcome: 'log' } }, 'on.outcome', 'give a function; this is a string'],
    [
      { connections: [{ ...connection, limts: {} }] },
      'connections[0].limts',
      'there is no such option; did you mean "limits"?',
    ],
    [
      { connections: [{ ...connection, ordering: 'person' }] },
      'connections[0].ordering',
      'give "user" or "none"; this is a string',
    ],
    [
      {
        connections: [
          {
            ...connection,
            subscriptions: [{ acton: 'trackEvent', action: 'trackEvent', filter: 'type = "track"' }],
          },
        ],
      },
      'connections[0].subscriptions[0].acton',
      'there is no such option; did you mean "action"?',
    ],
    [
      {
        connections: [
          {
            ...connection,
            subscriptions: [{ action: 'trackEvent', filter: 'type = "track"', batch: { maxCount: -1 } }],
          },
        ],
      },
      'connections[0].subscriptions[0].batch.maxCount',
      'give a whole number above 0; this is -1',
    ],
    [{ connections: [null] }, 'connections[0]', 'give an object; this is null'],
  ])('%j is told at %s', (options, path, message) => {
    expect(problemsOf(options)).toEqual([[path, message]])
  })

  test('are all told at once, and those that are undefined are not there', () => {
    expect(problemsOf({ a: 1, b: 2 }).map(([path]) => path)).toEqual(['a', 'b'])
    expect(problemsOf({ retry: undefined, nothing: undefined, limits: { concurrency: undefined } })).toEqual(
      [],
    )
    expect(problemsOf({ retry: { maxAttempts: Infinity, limits: { concurrency: 1 } } })).toEqual([])
  })
})
