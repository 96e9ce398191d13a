import { checkHistory, type Fault, type History, type Recorded } from './check-history'
import type { Step } from './script-of'

const scripts: Record<string, readonly Step[]> = {
  '1-1': ['ok'],
  '1-2': ['retry-after', 'ok'],
  '1-3': ['refuse'],
  '1-4': ['taken-then-reset', 'ok'],
}
const request = (id: string, step: Step, at: number, more: Partial<Recorded> = {}): Recorded => ({
  ...{ id, step, at, life: 1, maybeDone: false },
  ...more,
})
const sound: History = {
  accepted: ['1-1', '1-2', '1-3', '1-4'],
  requests: [
    request('1-1', 'ok', 1000),
    request('1-2', 'retry-after', 1000),
    request('1-3', 'refuse', 1001),
    request('1-4', 'taken-then-reset', 1002),
    request('1-2', 'ok', 1250),
    request('1-4', 'ok', 1300, { maybeDone: true }),
  ],
  kills: [],
  dead: ['1-3'],
  waiting: 0,
  leaseMs: 2000,
  scriptOf: (id) => scripts[id] ?? ['ok'],
}
const kindsOf = (history: Partial<History>): string[] => [
  ...new Set(checkHistory({ ...sound, ...history }).faults.map(({ kind }) => kind)),
]

test('a sound history has no fault, and its repetition is counted', () => {
  expect(checkHistory(sound)).toEqual({
    ...{ faults: [], accepted: 4, requests: 6, repeated: 0, unknown: 1, unacknowledged: 0 },
  })
})

test('a repetition after a kill within a lease is allowed when it is marked, and so is a put that was not told', () => {
  const requests = [
    ...sound.requests,
    request('1-1', 'ok', 3500, { life: 2, maybeDone: true }),
    request('1-9', 'ok', 900),
  ]
  const verdict = checkHistory({ ...sound, requests, kills: [{ life: 1, at: 1010 }] })
  expect(verdict).toMatchObject({ faults: [], repeated: 1, unknown: 1, unacknowledged: 1 })
})

const planted: [Fault['kind'], Partial<History>][] = [
  ['lost', { requests: sound.requests.filter(({ id }) => id !== '1-1') }],
  ['lost', { dead: [] }],
  ['lost', { requests: sound.requests.filter(({ at }) => at !== 1250) }],
  ['left waiting', { waiting: 1 }],
  ['dead twice', { dead: ['1-3', '1-3'] }],
  ['dead without cause', { dead: ['1-3', '1-1'] }],
  [
    'repeated without cause',
    { requests: [...sound.requests, request('1-1', 'ok', 1400, { maybeDone: true })] },
  ],
  [
    'repeated without cause',
    {
      requests: [...sound.requests, request('1-1', 'ok', 9000, { maybeDone: true })],
      kills: [{ life: 1, at: 8000 }],
    },
  ],
  [
    'repeated without mark',
    {
      requests: [...sound.requests, request('1-1', 'ok', 1400, { life: 2 })],
      kills: [{ life: 1, at: 1010 }],
    },
  ],
  [
    'repeated without mark',
    { requests: sound.requests.map((one) => (one.at === 1300 ? { ...one, maybeDone: false } : one)) },
  ],
  ['too early', { requests: sound.requests.map((one) => (one.at === 1250 ? { ...one, at: 1100 } : one)) }],
  [
    'out of order',
    {
      requests: [
        ...sound.requests,
        request('2-1', 'error', 2000, { person: 'ada' }),
        request('2-2', 'ok', 2010, { person: 'ada' }),
        request('2-1', 'ok', 2100, { person: 'ada' }),
      ],
    },
  ],
]
test.each(planted)('finds a planted fault: %s', (kind, history) => {
  expect(kindsOf(history)).toEqual([kind])
})
