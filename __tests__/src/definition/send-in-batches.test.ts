import { firstOf, PayloadValidationError, sendInBatches } from 'waybill'

const payload = (...ids: number[]) => ({ payload: ids.map((id) => ({ id })), settings: {} })
type Item = { status: number; errormessage?: string; headers?: object }
const values = (result: Awaited<ReturnType<typeof sendInBatches>>): Item[] =>
  result.getAllResponses().map((response) => response.value() as unknown as Item)

test('items travel in requests of the right count and size, each with its own response', async () => {
  const sent: number[][] = []
  const result = await sendInBatches(payload(1, 2, 3, 4, 5), {
    vendor: 'Acme',
    maxItems: 2,
    bodyOf: ({ id }) => id,
    send: async (items) => {
      sent.push(items.map(({ body }) => body))
      return items.map(({ body }) => ({ status: body === 3 ? 400 : 200 }))
    },
  })
  expect(sent).toEqual([[1, 2], [3, 4], [5]])
  expect(values(result).map(({ status }) => status)).toEqual([200, 200, 400, 200, 200])
  expect(values(result)[2]?.errormessage).toBe('Acme answered 400')
})

test('bytes and groups part requests too', async () => {
  const sent: string[][] = []
  await sendInBatches(payload(1, 2, 3, 4), {
    vendor: 'Acme',
    maxItems: 10,
    maxBytes: 14,
    groupOf: ({ id }) => (id === 2 ? 'other' : 'one'),
    bodyOf: ({ id }) => `body${id}`,
    send: async (items) => {
      sent.push(items.map(({ body }) => body))
      return { status: 200 }
    },
  })
  expect(sent).toEqual([['body1'], ['body2'], ['body3'], ['body4']].map((each) => each) as string[][])
})

test('a body that fails, fails alone', async () => {
  const result = await sendInBatches(payload(1, 2), {
    vendor: 'Acme',
    maxItems: 10,
    bodyOf: ({ id }) => {
      if (id === 1) throw new PayloadValidationError('no')
      return id
    },
    send: async () => ({ status: 202 }),
  })
  expect(values(result).map(({ status }) => status)).toEqual([400, 202])
})

test('after a full limit nothing more is sent, and all that is left waits as long', async () => {
  let calls = 0
  const result = await sendInBatches(payload(1, 2, 3), {
    vendor: 'Acme',
    maxItems: 1,
    bodyOf: ({ id }) => id,
    send: async () => {
      calls += 1
      return calls === 2 ? { status: 429, headers: { 'retry-after': '7' } } : { status: 200 }
    },
  })
  expect(calls).toBe(2)
  expect(values(result)).toMatchObject([
    { status: 200 },
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 429, headers: { 'retry-after': '7' } },
  ])
})

test('what concerns the whole batch is thrown as it is; beside other results it is one of them', async () => {
  const down = Object.assign(new Error('down'), { response: { status: 503 } })
  const plan = { vendor: 'Acme', bodyOf: ({ id }: { id: number }) => id, send: () => Promise.reject(down) }
  await expect(sendInBatches(payload(1, 2), { ...plan, maxItems: 10 })).rejects.toBe(down)
  const parted = await sendInBatches(payload(1, 2), { ...plan, maxItems: 1 })
  expect(values(parted).map(({ status }) => status)).toEqual([503, 503])
})

test('firstOf tests a path by its text, so that blanks are skipped and 0 and false are not', () => {
  expect(firstOf('$.a', '$.b')).toEqual({
    '@if': { blank: { '@template': '{{a}}' }, then: { '@path': '$.a' }, else: { '@path': '$.b' } },
  })
})
