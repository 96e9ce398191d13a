import { startIngest } from './ingest-server'

test('numbers that JavaScript would change arrive as strings, digit by digit, and others as they are', async () => {
  const server = await startIngest()
  try {
    const event =
      '{"type":"track","event":"x","userId":"u","properties":{"id":9007199254740993,"n":1e999,"ok":17}}'
    const { status } = await server.post('/v1/batch', `{"writeKey":"wk_site","batch":[${event}]}`)
    expect(status).toBe(200)
    expect(server.store.events).toMatchObject([
      { userId: 'u', properties: { id: '9007199254740993', n: '1e999', ok: 17 } },
    ])
  } finally {
    await server.close()
  }
})
