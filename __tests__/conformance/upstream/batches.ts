import { action, all, definition, field, type Row, subscribe } from './row'
import type { Way } from './ways'

type BatchInput = { payload: { id: string }[]; rawData: { userId: string }[] }
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
/** Sends a batch of persons; '' is an invalid one. */
const sendBatch = (
  way: Way,
  ids: readonly string[],
  performBatch: (input: BatchInput) => unknown,
  more: object = {},
) =>
  way.send({
    definition: definition(
      action({
        fields: { id: field('string', { required: true }) },
        performBatch: (_request: unknown, input: BatchInput) => performBatch(input),
      }),
      oauth,
    ),
    subscriptions: [subscribe(all, { id: { '@path': '$.userId' } })],
    events: ids.map((userId, index) => ({ type: 'track', userId: userId || null, messageId: `m${index}` })),
    isBatch: true,
    settings: more,
  })

export const batches: Row[] = [
  {
    subject: 'raw events of a batch stand beside their payloads',
    run: async (way) => {
      let seen: unknown
      await sendBatch(way, ['u1', '', 'u3'], ({ rawData }) => {
        seen = rawData.map(({ userId }) => userId)
        return new way.core.MultiStatusResponse()
      })
      return seen
    },
    right: ['u1', 'u3'],
    reference: ['u1', null, 'u3'],
  },
  {
    subject: 'a `performBatch` that returns nothing, or anything but a response, tells of no success',
    run: async (way) => [
      ...(await sendBatch(way, ['u1', 'u2'], () => undefined)),
      ...(await sendBatch(way, ['u1', 'u2'], () => [{ status: 500 }])),
    ],
    right: ['unknown', 'unknown', 'unknown', 'unknown'],
    reference: ['sent', 'sent', 'sent', 'sent'],
  },
  {
    subject: 'an invalid event of a batch is told apart from what the batch throws',
    run: (way) =>
      sendBatch(way, ['u1', ''], () => {
        throw new way.core.APIError('no', 418)
      }),
    right: ['rejected', 'invalid'],
    reference: ['thrown: no', 'thrown: no'],
  },
  {
    subject: 'only the refused items of a batch are sent again, after one refresh',
    run: async (way) => {
      refreshes = 0
      const sent: unknown[] = []
      const answer = ({ payload }: BatchInput) => {
        sent.push(payload.map(({ id }) => id))
        const result = new way.core.MultiStatusResponse()
        for (const { id } of payload)
          if (id === 'u2') result.pushErrorResponse({ status: 401, errormessage: 'who?' })
          else result.pushSuccessResponse({ status: 200, sent: {}, body: {} })
        return result
      }
      await sendBatch(way, ['u1', 'u2'], answer, tokens())
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
]
