import { outcomeOf } from '../../support/both-cores'
import {
  action,
  all,
  definition,
  field,
  type Row,
  statuses,
  subscribe,
  testRows,
  type Way,
} from '../../support/differences'

type BatchInput = { payload: unknown[]; rawData: { userId: string }[] }
const performBatch = (run: (input: BatchInput) => unknown) =>
  action({
    fields: { id: field('string', { required: true }) },
    performBatch: (_request: unknown, input: BatchInput) => run(input),
  })
const sendBatch = async ({ open }: Way, act: object, ids: readonly string[], more: object = {}) => {
  const settings = { subscriptions: [subscribe(all, { id: { '@path': '$.userId' } })], ...more }
  const events = ids.map((userId) => ({ type: 'track', userId: userId || null }))
  return outcomeOf(() => open(definition(act, oauth)).onBatch(events as never, settings as never))
}
let refreshes = 0
const oauth = {
  authentication: {
    scheme: 'oauth2',
    fields: {},
    refreshAccessToken: async () => {
      refreshes += 1
      return { accessToken: `token ${refreshes}` }
    },
  },
}
const tokens = () => ({ oauth: { access_token: 'old', refresh_token: 'r' } })

const batches: Row[] = [
  {
    row: 'raw events of a batch stand beside their payloads',
    verdict: 'F',
    run: async (way) => {
      let seen: unknown
      const act = performBatch(({ rawData }) => {
        seen = rawData.map(({ userId }) => userId)
        return new way.core.MultiStatusResponse()
      })
      await sendBatch(way, act, ['u1', '', 'u3'])
      return seen
    },
    right: ['u1', 'u3'],
    reference: ['u1', null, 'u3'],
  },
  ...[undefined, [{ status: 500 }], { status: 500 }].map(
    (answer): Row => ({
      row: `${JSON.stringify(answer) ?? 'nothing'} is no success of a batch`,
      verdict: 'F',
      run: async (way) =>
        statuses(
          await sendBatch(
            way,
            performBatch(() => answer),
            ['u1', 'u2'],
          ),
        ),
      right: [500, 500],
      reference: [200, 200],
    }),
  ),
  {
    row: 'what a batch throws is the error of each item',
    verdict: 'F',
    run: async (way) => {
      const act = performBatch(() => {
        throw new way.core.APIError('no', 418)
      })
      const outcome = await sendBatch(way, act, ['u1', ''])
      return 'thrown' in (outcome as object) ? 'thrown' : statuses(outcome)
    },
    right: [418, 400],
    reference: 'thrown',
  },
  {
    row: 'only the refused items of a batch are sent again, after one refresh',
    verdict: 'F',
    run: async (way) => {
      refreshes = 0
      const sent: unknown[] = []
      const act = performBatch(({ payload }) => {
        const ids = (payload as { id: string }[]).map(({ id }) => id)
        sent.push(ids)
        const answer = new way.core.MultiStatusResponse()
        for (const id of ids)
          if (id === 'u2') answer.pushErrorResponse({ status: 401, errormessage: 'who?' })
          else answer.pushSuccessResponse({ status: 200, sent: {}, body: {} })
        return answer
      })
      await sendBatch(way, act, ['u1', 'u2'], tokens())
      return [refreshes, sent]
    },
    right: [1, [['u1', 'u2'], ['u2']]],
    reference: [
      2,
      [
        ['u1', 'u2'],
        ['u1', 'u2'],
      ],
    ],
  },
  {
    row: 'a token that stays refused is renewed once',
    verdict: 'F',
    run: async (way) => {
      refreshes = 0
      const act = action({
        perform: () => {
          throw new way.core.InvalidAuthenticationError('who?')
        },
      })
      const settings = { subscriptions: [subscribe(all)], ...tokens() }
      await outcomeOf(() => way.open(definition(act, oauth)).onEvent({ type: 'track' }, settings as never))
      return refreshes
    },
    right: 1,
    reference: 2,
  },
]

testRows(batches)
