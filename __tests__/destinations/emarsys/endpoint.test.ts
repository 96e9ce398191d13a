import { startEmarsysEmulator, testKey } from 'waybill/emulators/emarsys'
import { useAddOn } from './add-on'
import { event } from './deliver'

const addOn = useAddOn()
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
const textOf = async (answer: Response) => ((await answer.json()) as { message: string }).message

describe('the endpoint', () => {
  test('has one path and one method', async () => {
    expect((await addOn.post(event('track', { userId: 'u' }), {}, '/elsewhere')).status).toBe(404)
    const got = await fetch(`${addOn.emulator.url}/elsewhere`)
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test.each([
    ['no scheme', { authorization: 'token' }, 'the credentials are not of the Basic scheme'],
    ['another scheme', { authorization: 'Bearer abcd' }, 'the credentials are not of the Basic scheme'],
    ['no base64', { authorization: 'Basic a*b' }, 'the credentials are not base64'],
    ['no colon', basic(testKey), 'the credentials have no colon'],
    ['a password', basic(`${testKey}:word`), 'the password has to be empty'],
    ['another key', basic('other:'), 'the API key is not known'],
    ['an empty key', { authorization: 'Basic Og==' }, 'the API key is not known'],
  ])('refuses credentials with %s', async (_name, headers, text) => {
    const answer = await addOn.post(event('track', { userId: 'u' }), headers)
    expect([answer.status, await textOf(answer)]).toEqual([401, text])
  })

  test('refuses a request without credentials', async () => {
    const answer = await fetch(addOn.emulator.endpoint, { method: 'POST', body: '{}' })
    expect([answer.status, await textOf(answer)]).toEqual([401, 'credentials are missing'])
  })

  test.each([
    ['a form', event('track', { userId: 'u' }), { 'content-type': 'text/plain' }, 400],
    [
      'JSON with parameters',
      event('track', { userId: 'u' }),
      { 'content-type': 'application/json; charset=utf-8' },
      200,
    ],
    [
      'a type of its own',
      event('track', { userId: 'u' }),
      { 'content-type': 'application/vnd.segment+json' },
      200,
    ],
    ['no JSON', '{"type":', {}, 400],
    ['a list', [event('track', { userId: 'u' })], {}, 400],
    ['no object', 'null', {}, 400],
    ['no type', { userId: 'u' }, {}, 400],
    ['an unknown type before missing ids', { type: 'alias' }, {}, 501],
    ['more than 64 KB', event('track', { userId: 'u', padding: 'x'.repeat(65_536) }), {}, 413],
    ['settings of an empty object', event('track', { userId: 'u' }), { 'x-segment-settings': 'e30=' }, 200],
    ['settings that are no base64', event('track', { userId: 'u' }), { 'x-segment-settings': '{}' }, 400],
    ['settings that are no JSON', event('track', { userId: 'u' }), { 'x-segment-settings': btoa('x') }, 400],
    [
      'a signature, which is not of this contract',
      event('track', { userId: 'u' }),
      { 'x-signature': '00' },
      200,
    ],
  ])('answers %s', async (_name, body, headers: Record<string, string>, status) => {
    const answer = await addOn.post(body, headers)
    expect(answer.status).toBe(status)
    expect(answer.status === 200 ? await answer.text() : typeof (await textOf(answer))).toBe(
      status === 200 ? '' : 'string',
    )
    expect(addOn.rows()).toHaveLength(status === 200 ? 1 : 0)
  })

  test('forbids a key whose add-on is switched off', async () => {
    await addOn.control('POST', 'keys', { enabled: false })
    expect((await addOn.post(event('track', { userId: 'u' }))).status).toBe(403)
    await addOn.control('POST', 'keys', { enabled: true })
    expect((await addOn.post(event('track', { userId: 'u' }))).status).toBe(200)
  })

  test('keeps the people of each key apart', async () => {
    await addOn.control('POST', 'keys', { apiKey: 'second', name: 'shop' })
    await addOn.post(event('track', { userId: 'v' }), basic('second:'))
    expect(addOn.rows()).toEqual([])
    expect((await addOn.control('GET', 'users?account=shop')).body).toMatchObject([{ userId: 'v' }])
    expect((await addOn.control('GET', 'users?account=none')).status).toBe(400)
  })

  test('answers a repeated message as before, and changes nothing', async () => {
    const sent = event('track', { userId: 'u' })
    await addOn.accept(sent, { ...sent, userId: 'v' })
    expect(addOn.rows()).toEqual([['', 'u', '']])
    expect((await addOn.control('GET', 'journal')).body).toMatchObject([
      { messageId: sent.messageId, isReplayed: false, rowId: 1 },
      { messageId: sent.messageId, isReplayed: true },
    ])
  })

  test('takes a message that was lost before it was processed, once it is sent again', async () => {
    const sent = event('track', { userId: 'u' })
    addOn.emulator.fault({ reset: 'before' })
    await expect(addOn.post(sent)).rejects.toThrow()
    expect(addOn.rows()).toEqual([])
    addOn.emulator.fault({ reset: 'after' })
    await expect(addOn.post(sent)).rejects.toThrow()
    await addOn.accept(sent)
    expect((await addOn.control('GET', 'journal')).body).toMatchObject([
      { isReplayed: false },
      { isReplayed: true },
    ])
  })
})

test('a queueing endpoint answers 202 and processes nothing before it is told to', async () => {
  const emulator = await startEmarsysEmulator({ mode: 'queued' })
  const post = (userId: string) =>
    fetch(emulator.endpoint, {
      method: 'POST',
      headers: { ...basic(`${testKey}:`), 'content-type': 'application/json' },
      body: JSON.stringify(event('track', { userId })),
    })
  const answer = await post('u')
  expect([answer.status, emulator.account().users.rows.size]).toEqual([202, 0])
  const flushed = await fetch(`${emulator.url}/__emulator/flush`, { method: 'POST' })
  expect([await flushed.json(), emulator.account().users.rows.size]).toEqual([{ processed: 1 }, 1])
  await post('v')
  await fetch(`${emulator.url}/__emulator/reset`, { method: 'POST' })
  expect([emulator.flush(), emulator.account().users.rows.size]).toEqual([0, 0])
  await emulator.close()
})

test('the log holds each request byte by byte, with its answer and how long that took', async () => {
  const text = ' { "type" : "track", "userId":"u" } '
  await addOn.post(text)
  await addOn.post('{')
  expect(addOn.emulator.requests).toMatchObject([
    { method: 'POST', path: '/segment', body: Buffer.from(text), answer: { status: 200 } },
    { status: 400, answer: { status: 400, body: { message: 'the body is not JSON' } } },
  ])
  for (const { durationMs } of addOn.emulator.requests) expect(durationMs).toBeGreaterThanOrEqual(0)
})

describe('the configuration page', () => {
  const trigger = { programId: 'p' }
  const steps = [{ event: 'E' }]
  const withRule = (rule: unknown) => ({ programs: [{ id: 'p' }], rules: [rule] })
  const withStep = (step: unknown) => withRule({ id: 'r', trigger, steps: [{ event: 'E' }, step] })
  const withMap = (map: object) => ({ dataMaps: [{ from: 'event', to: 1, ...map }] })

  test.each([
    ['nothing', undefined, 'configuration: an object is expected'],
    ['a misspelt member', { datamaps: [] }, 'configuration: there is no "datamaps"'],
    ['data maps that are no list', { dataMaps: {} }, 'dataMaps has to be a list'],
    ['a key path that is none', { primaryKeyPath: 'a..b' }, 'primaryKeyPath: "a..b" is no path'],
    ['an empty list of key paths', { primaryKeyPath: [] }, 'primaryKeyPath has to be a path'],
    ['an unknown key field', { keyFieldId: 9999 }, 'keyFieldId: the account has no field "9999"'],
    [
      'another word for empty values',
      { emptyValues: 'drop' },
      'emptyValues: "drop" is not one of skip, clear',
    ],
    ['another word for creation', { createContacts: 'never' }, 'createContacts: "never"'],
    [
      'a field that is unknown',
      withMap({ to: 'shoe_size' }),
      'dataMaps[0]: the account has no field "shoe_size"',
    ],
    ['a field without name', withMap({ to: '' }), 'dataMaps[0]: the account has no field ""'],
    ['Interests', withMap({ to: 0 }), 'dataMaps[0]: field "0" cannot be written'],
    ['Interests in other digits', withMap({ to: '00' }), 'dataMaps[0]: the account has no field "00"'],
    ['an internal id', withMap({ to: 'uid' }), 'dataMaps[0]: field "uid" cannot be written'],
    ['a map without source', { dataMaps: [{ to: 1 }] }, 'dataMaps[0]: is not well formed'],
    ['a misspelt member of a map', withMap({ tranform: 'date' }), 'dataMaps[0]: there is no "tranform"'],
    [
      'an unknown transform',
      withMap({ transform: 'upper' }),
      'dataMaps[0]: transform: "upper" is not one of',
    ],
    [
      'choices that are missing',
      withMap({ transform: 'boolChoice' }),
      'dataMaps[0]: boolChoice needs choices',
    ],
    [
      'a type that the add-on does not take',
      withMap({ types: ['group'] }),
      'dataMaps[0]: "group" is not one of',
    ],
    ['an unknown program', { rules: [{ id: 'r', steps, trigger }] }, 'rules[0]: there is no program "p"'],
    ['a rule without steps', withRule({ id: 'r', trigger, steps: [] }), 'rules[0]: a rule needs steps'],
    ['a rule without id', withRule({ steps, trigger }), 'rules[0]: a rule needs an id'],
    [
      'a misspelt exclusion',
      withRule({ id: 'r', steps, trigger, unles: [] }),
      'rules[0]: there is no "unles"',
    ],
    [
      'a member of steps in an exclusion',
      withRule({ id: 'r', steps, trigger, unless: [{ count: 2 }] }),
      'rules[0]: there is no "count"',
    ],
    [
      'a limit before the first step',
      withRule({ id: 'r', trigger, steps: [{ within: '1h' }] }),
      'rules[0]: steps[0].within',
    ],
    [
      'a limit longer than the window',
      {
        ...withStep({ within: '2h' }),
        ...withRule({ id: 'r', trigger, window: '1h', steps: [{}, { within: '2h' }] }),
      },
      'rules[0]: steps[1].within is longer',
    ],
    [
      'a window without time',
      withRule({ id: 'r', steps, trigger, window: '0h' }),
      'rules[0]: "0h" is no duration',
    ],
    ['a count of none', withStep({ count: 0 }), 'rules[0]: steps[1].count'],
    ['a misspelt step', withStep({ evnt: 'E' }), 'rules[0]: there is no "evnt"'],
    [
      'an unknown operator',
      withStep({ where: [{ path: 'event', is: 'constructor' }] }),
      'rules[0]: "constructor" is not one of',
    ],
    [
      'a broken expression',
      withStep({ where: [{ path: 'event', is: 'matches', value: '(' }] }),
      'rules[0]: "(" is no regular expression',
    ],
    ['another repetition', withRule({ id: 'r', steps, trigger, repeat: 'twice' }), 'rules[0]: repeat'],
    [
      'a path of the payload that is none',
      withRule({ id: 'r', steps, trigger: { ...trigger, data: { x: '' } } }),
      'rules[0]: "" is no path',
    ],
  ])('refuses %s, says where, and keeps what it had', async (_name, configuration, problem) => {
    addOn.configure({ keyFieldId: 37 })
    const { status, body } = await addOn.control('PUT', 'addon/config', configuration)
    expect(status).toBe(400)
    expect(body.problems.join('\n')).toContain(problem)
    expect((await addOn.control('GET', 'addon/config')).body).toEqual({ keyFieldId: 37 })
  })

  test('names everything that is wrong at once', async () => {
    const { body } = await addOn.control('PUT', 'addon/config', {
      dataMaps: [
        { from: 'a', to: 0 },
        { from: 'a', to: 1 },
        { from: '', to: 1 },
      ],
      rules: [{ id: 'r', steps, trigger }],
    })
    expect(body.problems).toHaveLength(3)
  })

  test('refuses two rules of one id', async () => {
    const rule = { id: 'r', steps, trigger }
    const { body } = await addOn.control('PUT', 'addon/config', {
      programs: [{ id: 'p' }],
      rules: [rule, rule],
    })
    expect(body.problems[0]).toContain('there are two rules "r"')
  })
})

test('the control plane refuses what it cannot read', async () => {
  expect((await addOn.control('POST', 'clock')).status).toBe(400)
  expect((await addOn.control('POST', 'clock', { advance: 'soon' })).status).toBe(400)
  expect((await addOn.control('POST', 'keys')).status).toBe(400)
})

test('the clock moves without waiting, and forgetting everybody leaves the configuration', async () => {
  addOn.configure({ keyFieldId: 37 })
  await addOn.accept(event('track', { userId: 'u' }))
  const before = addOn.emulator.now()
  const { body } = await addOn.control('POST', 'clock', { advance: '2w' })
  expect(Date.parse(body.now) - before).toBeGreaterThanOrEqual(14 * 86_400_000)
  await addOn.control('POST', 'reset')
  expect(addOn.rows()).toEqual([])
  expect((await addOn.control('GET', 'addon/config')).body).toEqual({ keyFieldId: 37 })
})
