import { defineAction, defineDestination, defineSettings, path } from 'waybill'
import { listDestinations, loadDestination } from 'waybill/destinations'
import { sampleRequests } from 'waybill/testing'
import { emarsysApiOptions } from '../../destinations/emarsys-api/harness-options'

const settings = defineSettings({
  token: { label: 'Token', description: 'A secret.', type: 'password', required: true },
})

describe('a sample request', () => {
  const acme = (
    perform: NonNullable<Parameters<typeof defineAction>[0]['perform']>,
    filter: string,
    fields = {},
  ) =>
    defineDestination({
      name: 'Acme',
      slug: 'acme',
      settings,
      authentication: { scheme: 'custom' },
      extendRequest: ({ settings }) => ({ headers: { 'x-note': `the token is ${settings.token}` } }),
      actions: {
        send: defineAction({
          settings,
          title: 'Send',
          description: 'Send it.',
          defaultSubscription: filter,
          fields,
          perform,
        }),
      },
    })

  test('is what the action really sends for an event that its filter takes, with secrets by their names', async () => {
    const destination = acme(
      (request, { payload }) => request('https://acme.example/', { method: 'post', json: payload }),
      'type = "track" and event = "Rocket Launched"',
      { name: { label: 'Name', description: 'Its name.', type: 'string', default: path('$.event') } },
    )
    const { send } = await sampleRequests(destination, { settings: { token: 'canary-5f3a' } })
    expect(send).toMatchObject({ event: 'Rocket Launched', isOfEvent: true })
    expect(send?.requests).toEqual([
      [
        'POST https://acme.example/',
        'accept: */*',
        'content-type: application/json',
        'user-agent: Segment (Actions)',
        'x-note: the token is {token}',
        '',
        '{\n  "name": "Rocket Launched"\n}',
      ].join('\n'),
    ])
    expect(JSON.stringify(send)).not.toContain('canary-5f3a')
  })

  test('is made of values that fit the fields where no event has what is required', async () => {
    const destination = acme(
      (request, { payload }) => request('https://acme.example/', { method: 'post', json: payload }),
      'type = "group"',
      {
        code: { label: 'Code', description: 'A code.', type: 'string', required: true, choices: ['a', 'b'] },
        mail: { label: 'Mail', description: 'Mail.', type: 'string', required: true, format: 'email' },
        count: { label: 'Count', description: 'Count.', type: 'integer', required: true, minimum: 4 },
        tags: { label: 'Tags', description: 'Tags.', type: 'string', required: true, multiple: true },
      },
    )
    const { send } = await sampleRequests(destination)
    expect(send).toMatchObject({ event: 'group', isOfEvent: false })
    const [, body] = send?.requests[0]?.split('\n\n') ?? []
    expect(JSON.parse(body ?? '')).toEqual({
      code: 'a',
      mail: expect.stringContaining('@'),
      count: expect.any(Number),
      tags: [expect.any(String)],
    })
  })

  test('is empty where the action sends nothing', async () => {
    const destination = acme(() => undefined, 'type = "track"')
    const samples = await sampleRequests(destination)
    expect(samples.send?.requests).toEqual([])
  })

  test.each(listDestinations())('is there for every action of %s', async (slug) => {
    const definition = loadDestination(slug)
    const samples = await sampleRequests(definition, slug === 'emarsys-api' ? emarsysApiOptions : {})
    expect(Object.keys(samples)).toEqual(Object.keys(definition.actions))
    for (const sample of Object.values(samples)) expect(sample.requests.length).toBeGreaterThan(0)
  })
})
