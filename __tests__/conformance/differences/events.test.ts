import { outcomeOf } from '../../support/both-cores'
import {
  action,
  all,
  definition,
  field,
  type Row,
  send,
  statuses,
  subscribe,
  testRows,
} from '../../support/differences'

const events: Row[] = [
  {
    row: 'a stored subscription is no setting of the action',
    verdict: 'B',
    run: async (way) => {
      let seen: unknown
      const act = action({
        perform: (_request: unknown, { settings }: { settings: unknown }) => {
          seen = Object.keys(settings as object)
        },
      })
      await way
        .open(definition(act))
        .onEvent({ type: 'track' }, { key: 'k', subscription: subscribe(all) } as never)
      return seen
    },
    right: ['key'],
    reference: ['key', 'subscription'],
  },
  {
    row: 'a subscription that fails leaves the results of the others',
    verdict: 'F',
    run: (way) =>
      send(
        way,
        definition(
          action({
            perform: (_request: unknown, { payload }: { payload: { id: string } }) => {
              if (payload.id === 'bad') throw new way.core.PayloadValidationError('no')
              return 'sent'
            },
          }),
        ),
        [subscribe(all, { id: 'good' }), subscribe(all, { id: 'bad' })],
        { type: 'track' },
      ),
    right: [
      { output: 'Mappings resolved' },
      { data: 'sent', output: 'Action Executed' },
      {
        error: {
          name: 'PayloadValidationError',
          message: 'no',
          code: 'PAYLOAD_VALIDATION_FAILED',
          status: 400,
        },
      },
    ],
    reference: 'thrown: no',
  },
  {
    row: 'a filter that cannot be read is an error',
    verdict: 'F',
    run: async (way) => {
      const [result] = (await send(way, definition(), [subscribe('')], { type: 'track' })) as object[]
      return Object.keys(result ?? {})
    },
    right: ['error'],
    reference: ['output'],
  },
  {
    row: 'an unknown action in a batch is said to be unknown',
    verdict: 'B',
    run: async ({ open }) => {
      const settings = { subscriptions: [subscribe(all, {}, 'nope')] }
      const outcome = await outcomeOf(() =>
        open(definition()).onBatch([{ type: 'track' }], settings as never),
      )
      const { thrown } = outcome as { thrown?: { name: string } }
      return thrown ? thrown.name : statuses(outcome)
    },
    right: [501],
    reference: 'TypeError',
  },
  {
    row: 'a listener is told the results, and no secret',
    verdict: 'B',
    run: async (way) => {
      let told: { input: { settings: unknown }; output: unknown } | undefined
      const authentication = { scheme: 'custom', fields: { key: field('password') } }
      await way.open(definition(action(), { authentication })).onEvent(
        { type: 'track' },
        { key: 'secret', subscriptions: [subscribe(all)] } as never,
        {
          onComplete: (stats: typeof told) => {
            told = stats
          },
        } as never,
      )
      return [JSON.stringify(told?.input.settings).includes('secret'), Array.isArray(told?.output)]
    },
    right: [false, true],
    reference: [true, false],
  },
  {
    row: 'answers of a long run are not kept for ever',
    verdict: 'B',
    run: async (way) => {
      const destination = way.open(definition())
      for (let count = 0; count < 250; count++)
        destination.actions.act?.emit('response', { status: 200, count })
      return destination.responses.length
    },
    right: 100,
    reference: 250,
  },
]

testRows(events)
