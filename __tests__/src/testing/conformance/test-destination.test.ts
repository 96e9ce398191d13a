import { defineAction, defineDestination, defineSettings, path } from 'waybill'
import { type AnyDestination, testDestination } from 'waybill/testing'
import { recordingFramework } from '../../../support/recording-framework'

const settings = defineSettings({
  apiKey: { label: 'Key', description: 'The key.', type: 'password', required: true },
})
const send = defineAction({
  settings,
  title: 'Send',
  description: 'Sends.',
  defaultSubscription: 'type = "track"',
  fields: {
    id: { label: 'Id', description: 'Which.', type: 'string', required: true, default: path('$.userId') },
  },
  perform: (request, { payload }) =>
    request('https://guild.example/send', { method: 'post', json: [payload] }),
  performBatch: (request, { payload }) =>
    request('https://guild.example/send', { method: 'post', json: payload }),
})
const guild: AnyDestination = defineDestination({
  name: 'Guild',
  slug: 'guild',
  settings,
  authentication: { scheme: 'custom' },
  extendRequest: ({ settings: { apiKey } }) => ({ headers: { 'x-key': apiKey } }),
  presets: [{ name: 'All', type: 'automatic', partnerAction: 'send', subscribe: 'type = "track"' }],
  actions: { send },
})

async function failuresOf(
  definition: unknown,
  options: Parameters<typeof testDestination>[1] = {},
  promise = '',
) {
  const framework = recordingFramework()
  testDestination(definition as AnyDestination, { ...options, framework })
  await framework.run((name) => name.endsWith(promise))
  return Object.fromEntries(
    Object.entries(framework.failures).map(([name, text]) => [name.replace('Guild › ', ''), text]),
  )
}

const withAction = (change: object) => ({ ...guild, actions: { send: { ...guild.actions.send, ...change } } })
type Request = (url: string, options: object) => Promise<unknown>
type Input = { payload: { id: string }; settings: { apiKey: string }; notes?: unknown }
const post = (request: Request, json: unknown, url = 'https://guild.example/send') =>
  request(url, { method: 'post', json })

describe('the conformance suite', () => {
  test('passes a sound destination, on the reference too', async () => {
    expect(await failuresOf(guild, { reference: true })).toEqual({})
  })

  test.each<[string, unknown, string]>([
    [
      'is a definition that loads',
      { ...guild, actions: { send: { ...send, perform: 'sned' } } },
      'a function',
    ],
    ['has a slug in kebab-case', { ...guild, slug: 'Guild_1' }, 'Guild_1'],
    [
      'tells its actions apart by their titles',
      { ...guild, actions: { send, again: send } },
      'several actions have the title',
    ],
    [
      'describes every action, field and setting',
      withAction({ fields: { id: { ...send.fields?.id, description: '' } } }),
      'send.fields.id: give it a label and a description',
    ],
    [
      'opens with sample settings and all automatic presets',
      { ...guild, presets: [{ ...guild.presets?.[0], subscribe: 'type =' }] },
      'expected a field',
    ],
    [
      'has default subscriptions and default mappings that can be read',
      withAction({ fields: { id: { ...send.fields?.id, default: { '@nope': 1 } } } }),
      'invalid directive',
    ],
    [
      'maps in its presets only fields that their actions have',
      { ...guild, presets: [{ ...guild.presets?.[0], mapping: { idd: 'x' } }] },
      'send has no field idd',
    ],
    [
      'delivers the event of each action with all of its fields',
      withAction({ perform: () => Promise.reject(new Error('broken')) }),
      'DESTINATION_BUG',
    ],
    [
      'fills the required fields of each action from the event that it is for',
      withAction({ fields: { id: { ...send.fields?.id, default: path('$.nowhere') } } }),
      'is required but it was missing',
    ],
    [
      'has presets that deliver the events that they are for',
      { ...guild, presets: [{ ...guild.presets?.[0], subscribe: 'type = "nothing"' }] },
      'no sample event passes its filter',
    ],
    [
      'sends in a batch what it sends one by one',
      withAction({
        performBatch: (request: Request, { payload }: { payload: Input['payload'][] }) =>
          post(request, payload.slice(0, 1)),
      }),
      'the batch leaves out',
    ],
    [
      'ends every event in an explained outcome, alone and in a batch',
      withAction({
        perform: (request: Request, { payload }: Input) => post(request, [payload]).catch(() => undefined),
      }),
      'ends as delivered, not as',
    ],
    [
      'puts no secret into the address of a request',
      withAction({
        perform: (request: Request, { payload, settings: { apiKey } }: Input) =>
          post(request, [payload], `https://guild.example/send?who=${apiKey}`),
      }),
      'a secret is part of https://guild.example/send?who={apiKey}',
    ],
    [
      "sends the same requests on the reference's Destination",
      withAction({
        perform: (request: Request, { payload, notes }: Input) =>
          post(request, [payload, notes !== undefined]),
      }),
      'waybill sends',
    ],
  ])('finds where a destination breaks: %s', async (promise, definition, sentence) => {
    const failures = await failuresOf(definition, { reference: promise.includes('reference') }, promise)
    expect(Object.keys(failures)).toContain(promise)
    expect(failures[promise]).toContain(sentence)
  })

  test('leaves out what is to be skipped', async () => {
    const promise = 'has a slug in kebab-case'
    expect(await failuresOf({ ...guild, slug: 'Guild_1' }, { skip: [promise] })).not.toHaveProperty(promise)
  })
})
