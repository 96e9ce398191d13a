import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as reference from '@segment/actions-core'
import * as fc from 'fast-check'
import * as facade from 'waybill/actions-core'

type Core = typeof reference
const cores = { reference, facade: facade as unknown as Core }

async function withServer<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const outcomeOf = async (run: () => unknown) => {
  try {
    return { value: await run() }
  } catch (error) {
    const { name, message, status, code } = error as Error & { status?: number; code?: string }
    return { name, message: name === 'AggregateError' ? '' : message, status, code }
  }
}

const field = (type: string, more: object = {}) => ({ label: `The ${type}`, description: '', type, ...more })

/** A definition whose action does what the payload tells it to. */
const definitionFor = (core: Core) => {
  const fail = (kind: string): never => {
    if (kind === 'integration') throw new core.IntegrationError('refused', 'REFUSED', 422)
    if (kind === 'retryable') throw new core.RetryableError('later', 429)
    if (kind === 'payload') throw new core.PayloadValidationError('no id')
    if (kind === 'api') throw new core.APIError('gone', 410)
    throw new TypeError('a bug')
  }
  const perform = (_request: unknown, { payload }: { payload: { kind?: string } }) =>
    ['integration', 'retryable', 'payload', 'api', 'bug'].includes(payload.kind ?? '')
      ? fail(payload.kind as string)
      : { payload }
  const performBatch = (_request: unknown, { payload }: { payload: { kind?: string }[] }) => {
    const answer = new core.MultiStatusResponse()
    payload.forEach((item, index) => {
      if (item.kind === 'missing') return
      if (item.kind === 'error')
        answer.setErrorResponseAtIndex(index, {
          status: 400 + index,
          errormessage: 'bad',
          sent: item as never,
        })
      else answer.setSuccessResponseAtIndex(index, { status: 200, sent: item as never, body: 'ok' })
    })
    return answer
  }
  const fields = {
    kind: field('string'),
    count: field('integer', { required: true }),
    names: field('string', { multiple: true }),
    when: field('datetime'),
    nested: field('object', { properties: { a: field('number'), b: field('string', { required: true }) } }),
  }
  return {
    name: 'A name with spaces',
    mode: 'cloud',
    authentication: { scheme: 'custom', fields: { key: field('string', { required: true }) } },
    actions: { act: { title: 'Act', description: '', fields, perform, performBatch } },
  } as unknown as reference.DestinationDefinition
}

const scalar = fc.constantFrom<unknown>(
  null,
  '',
  'x',
  '5',
  '5.5',
  'TRUE',
  0,
  1,
  2.5,
  true,
  false,
  '2024-01-01',
)
const directive: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalar,
    fc
      .constantFrom('$.properties.a', '$.properties.b.c', '$.userId', '$.properties.list', '$.no.where')
      .map((path) => ({
        '@path': path,
      })),
    fc.constantFrom('{{userId}}-{{{properties.a}}}', 'plain').map((text) => ({ '@template': text })),
    fc.tuple(tie('node'), tie('node'), tie('node')).map(([exists, then, otherwise]) => ({
      '@if': { exists, then, else: otherwise },
    })),
    tie('node').map((value) => ({ '@excludeWhenNull': value })),
    tie('node').map((value) => ({ '@json': { value, mode: 'encode' } })),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => ({
      '@merge': { objects: [{ a }, { b }], direction: 'right' },
    })),
    tie('node').map((value) => ({ '@flatten': { value: { deep: { value } }, separator: '.' } })),
    tie('node').map((value) => ({ '@arrayPath': ['$.properties.list', { value }] })),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => ({ a, b })),
  ),
})).node

const event = fc.record({
  type: fc.constantFrom('track', 'identify'),
  userId: fc.constantFrom('u1', null, ''),
  properties: fc.record({
    a: scalar,
    b: fc.oneof(scalar, fc.record({ c: scalar })),
    list: fc.oneof(scalar, fc.array(fc.record({ value: scalar }), { maxLength: 3 })),
  }),
})
const kinds = fc.constantFrom(
  undefined,
  'integration',
  'retryable',
  'payload',
  'api',
  'bug',
  'missing',
  'error',
)
const mapping = fc.record({
  kind: kinds,
  count: fc.oneof(fc.constant(3), directive),
  names: directive,
  when: scalar,
  nested: directive,
})
const subscribe = fc.constantFrom('type = "track"', 'properties.a = "x"', 'typo', '', 'type = "identify"')
const clone = <T>(value: T): T => structuredClone(value)

test('the facade has every public name of the reference', () => {
  expect(Object.keys(facade).sort()).toEqual(expect.arrayContaining(Object.keys(reference).sort()))
})

test('random mappings come to the same values and the same errors', async () => {
  await fc.assert(
    fc.asyncProperty(directive, event, async (value, data) => {
      const [theirs, ours] = await Promise.all(
        Object.values(cores).map((core) => outcomeOf(() => core.transform({ value } as never, clone(data)))),
      )
      expect(ours).toEqual(theirs)
      expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs))
    }),
    { numRuns: 3000 },
  )
})

test.each(['onEvent', 'onBatch'] as const)(
  'random subscriptions give the same results: %s',
  async (method) => {
    const destinations = Object.values(cores).map((core) => new core.Destination(definitionFor(core)))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ subscribe, mapping, partnerAction: fc.constant('act') }), { maxLength: 2 }),
        fc.array(event, { minLength: 1, maxLength: 4 }),
        fc.constantFrom({ key: 'k' }, {}, { key: 5 }),
        async (subscriptions, events, settings) => {
          const data = method === 'onBatch' ? events : events[0]
          const run = (destination: (typeof destinations)[number]) =>
            outcomeOf(() =>
              destination[method](clone(data) as never, clone({ ...settings, subscriptions }) as never),
            )
          const [theirs, ours] = await Promise.all(destinations.map(run))
          expect(ours).toEqual(theirs)
        },
      ),
      { numRuns: 1000 },
    )
  },
)

test.each([64 * 1024, 5 * 1024 * 1024])('a body of %d bytes is read', async (size) => {
  const body = 'x'.repeat(size)
  await withServer(
    (_request, response) => void response.end(body),
    async (url) => {
      const response = await facade.createRequestClient()(url)
      expect(response.content).toHaveLength(size)
      expect(await response.text()).toBe(body)
    },
  )
})

test('a body that stalls ends as a time-out, and as an abort of the caller', async () => {
  await withServer(
    (_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
    },
    async (url) => {
      const request = facade.createRequestClient()
      await expect(request(url, { timeout: 100 })).rejects.toMatchObject({
        name: 'TimeoutError',
        code: 'ETIMEDOUT',
      })
      const signal = AbortSignal.timeout(100)
      await expect(request(url, { signal })).rejects.toMatchObject({
        name: 'RequestTimeoutError',
        status: 408,
      })
    },
  )
})
