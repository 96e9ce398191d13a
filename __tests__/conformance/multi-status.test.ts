import * as fc from 'fast-check'
import { runs } from '../src/pipeline/random-mapping'
import { type Core, copy, expectSame, ours, theirs } from '../support/both-cores'

const status = fc.constantFrom(100, 200, 202, 301, 400, 401, 404, 429, 499, 500, 501, 529, 600)
const body = fc.constantFrom<unknown>(undefined, '', 'text', { a: 1 }, null, 0)
const success = fc.record({ status, sent: body, body })
const failure = fc.record(
  {
    status,
    errormessage: fc.constantFrom('bad', ''),
    errortype: fc.constantFrom('BAD_REQUEST', 'OWN_CODE', ''),
    sent: body,
    body,
  },
  { requiredKeys: ['status', 'errormessage'], noNullPrototype: true },
)
const index = fc.nat(5)
const step = fc.oneof(
  fc.record({ call: fc.constant('pushSuccessResponse' as const), value: success, wrapped: fc.boolean() }),
  fc.record({ call: fc.constant('pushErrorResponse' as const), value: failure, wrapped: fc.boolean() }),
  fc.record({ call: fc.constant('pushResponseObject' as const), value: failure }),
  fc.record({ call: fc.constant('pushResponseObjectAtIndex' as const), index, value: success }),
  fc.record({
    call: fc.constant('setSuccessResponseAtIndex' as const),
    index,
    value: success,
    wrapped: fc.boolean(),
  }),
  fc.record({
    call: fc.constant('setErrorResponseAtIndex' as const),
    index,
    value: failure,
    wrapped: fc.boolean(),
  }),
  fc.record({ call: fc.constant('unsetResponseAtIndex' as const), index }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

type Answer = InstanceType<Core['MultiStatusResponse']>
type Call = (...parameters: unknown[]) => void

function answerOf(core: Core, steps: readonly Step[]): Answer {
  const answer = new core.MultiStatusResponse()
  for (const each of copy(steps)) {
    const call = (answer[each.call] as Call).bind(answer)
    const isFailure = 'value' in each && 'errormessage' in each.value
    const Item = isFailure ? core.ActionDestinationErrorResponse : core.ActionDestinationSuccessResponse
    const mustWrap = each.call.startsWith('pushResponseObject')
    const value =
      'value' in each
        ? [mustWrap || ('wrapped' in each && each.wrapped) ? new Item(each.value as never) : each.value]
        : []
    call(...('index' in each ? [each.index] : []), ...value)
  }
  return answer
}

const positions = [0, 1, 2, 3, 4, 5, 6]

test('random answers are built alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      await expectSame((core) => {
        const answer = answerOf(core, steps)
        return {
          length: answer.length(),
          all: answer.getAllResponses().map((item) => [item.constructor.name, item.value()]),
          each: positions.map((at) => [
            answer.isSuccessResponseAtIndex(at),
            answer.isErrorResponseAtIndex(at),
            answer.getResponseAtIndex(at)?.value(),
          ]),
        }
      })
    }),
    runs(1000),
  )
})

/** What `performBatch` may do, besides an answer for each item. */
const strange = fc.constantFrom(
  'nothing',
  'null',
  'list',
  'object',
  'number',
  'response',
  'json response',
  'failed response',
  'returned error',
  'thrown error',
  'thrown integration error',
  'thrown text',
)

function strangeAnswer(core: Core, kind: string): unknown {
  const response = (body: string | undefined, status: number, more: object) =>
    Object.assign(new core.Response(body, { status, statusText: 'Status' }), more)
  const failed = response('no', 503, { content: 'no', data: 'no' })
  const httpError = () =>
    new core.HTTPError(failed, new core.Request('http://a.example/'), { method: 'GET' } as never)
  if (kind === 'null') return null
  if (kind === 'list') return [response('', 200, {})]
  if (kind === 'object') return { status: 500 }
  if (kind === 'number') return 5
  if (kind === 'response') return response('', 202, {})
  if (kind === 'json response') return response('{"a":1}', 200, { content: '{"a":1}', data: { a: 1 } })
  if (kind === 'failed response') return failed
  if (kind === 'returned error') return httpError()
  if (kind === 'thrown error') throw httpError()
  if (kind === 'thrown integration error') throw new core.IntegrationError('no', 'NO', 422)
  if (kind === 'thrown text') throw 'no error at all'
  return undefined
}

type Way = { steps?: Step[]; strange?: string; drops: boolean }
let way: Way

const batchAction = (core: Core) => ({
  title: 'Act',
  description: '',
  fields: { id: { label: 'Id', description: '', type: 'integer', required: true } },
  perform: () => undefined,
  performBatch: (_request: unknown, { payload }: { payload: unknown[] }) => {
    // Some actions empty the list that they were given.
    if (way.drops) payload.splice(0, 1)
    return way.steps ? answerOf(core, way.steps) : strangeAnswer(core, way.strange ?? '')
  },
})
const destinations = new Map(
  [ours, theirs].map((core) => [
    core,
    new core.Destination({ name: 'Batches', mode: 'cloud', actions: { act: batchAction(core) } } as never),
  ]),
)

const ways = fc.oneof(
  fc.record({ steps: fc.array(step, { maxLength: 8 }), drops: fc.constant(false) }),
  fc.record({ strange, drops: fc.boolean() }),
)
const events = fc.array(
  fc.record({ type: fc.constantFrom('track', 'page'), id: fc.constantFrom(1, '2', 'x') }),
  {
    minLength: 1,
    maxLength: 5,
  },
)
const subscriptions = [
  { subscribe: 'type = "track"', partnerAction: 'act', mapping: { id: { '@path': '$.id' } } },
]

test('random answers of performBatch are attributed to the same items', async () => {
  await fc.assert(
    fc.asyncProperty(ways, events, async (given, data) => {
      way = given
      await expectSame((core) =>
        destinations.get(core)?.onBatch(copy(data) as never, copy({ subscriptions }) as never),
      )
    }),
    runs(1000),
  )
})
