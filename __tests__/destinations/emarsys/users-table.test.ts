import { useAddOn } from './add-on'
import { event } from './deliver'

const addOn = useAddOn()

/** A message with an anonymous id, a user id and an address; `-` leaves one out. */
const message = (ids: string) => {
  const [anonymousId, userId, email] = ids.split(' ').map((id) => (id === '-' ? undefined : id))
  return event('identify', { anonymousId, userId, traits: { email } })
}

type Case = [name: string, messages: string[], rows: string[][], conflicts?: number]

const cases: Case[] = [
  [
    'T2: unknown ids make a row',
    ['a u k', 'b v l'],
    [
      ['a', 'u', 'k'],
      ['b', 'v', 'l'],
    ],
  ],
  ['T3: ids of one row fill its blanks', ['a - -', 'a u -', 'b u k'], [['a b', 'u', 'k']]],
  ['T3: an address differs by letter case alone', ['a u K@x', 'b - k@X'], [['a b', 'u', 'K@x']]],
  [
    'T4: an anonymous row joins the user that it turns out to be',
    ['- u -', 'a - -', 'a u -'],
    [['a', 'u', '']],
  ],
  ['T4: an anonymous row joins the primary key', ['- - k', 'b u k', 'a - -', 'a - k'], [['a b', 'u', 'k']]],
  [
    'T5: a device that changes hands goes to its new user alone',
    ['a u k', 'b v l', 'a v -'],
    [
      ['', 'u', 'k'],
      ['a b', 'v', 'l'],
    ],
  ],
  [
    'T5: a device of a user goes to one who is unknown so far',
    ['a u k', 'a v -'],
    [
      ['', 'u', 'k'],
      ['a', 'v', ''],
    ],
  ],
  ['T6: a user without key joins the row of the key', ['a u -', 'b - k', '- u k'], [['a b', 'u', 'k']]],
  ['T7: another key replaces the one of the user', ['a u k', 'a u l'], [['a', 'u', 'l']]],
  [
    'T8: the row of the key gets a user who is in another row',
    ['a u k', 'b v l', '- u l'],
    [
      ['a', '', 'k'],
      ['b', 'u', 'l'],
    ],
    1,
  ],
  [
    'T9: a message without key belongs to the user before the device',
    ['a u k', 'b - l', 'b u -'],
    [
      ['a b', 'u', 'k'],
      ['', '', 'l'],
    ],
  ],
]

test.each(cases)('%s', async (_name, messages, rows, conflicts = 0) => {
  // A message needs one of Segment's own ids; where a case has none, it is one that no other message has.
  await addOn.accept(
    ...messages.map((ids, index) =>
      message(ids.startsWith('- - ') ? ids.replace('-', `only-${index}`) : ids),
    ),
  )
  const seen = addOn.rows().map(([devices = '', ...others]) => [devices.replace(/ ?only-\d/, ''), ...others])
  expect(seen).toEqual(rows)
  expect(addOn.emulator.account().users.conflicts).toBe(conflicts)
})

test('T1: a message without any id is refused, and so is one with ids that are no text or number', async () => {
  for (const ids of [
    {},
    { userId: '', anonymousId: '' },
    { userId: null },
    { anonymousId: 7 },
    { userId: {} },
  ])
    expect((await addOn.post(event('track', { ...ids, traits: { email: 'k' } }))).status).toBe(400)
  expect((await addOn.post(`{"type":"track","userId":1e999}`)).status).toBe(400)
  expect(addOn.rows()).toEqual([])
})

test('T3: a number as user id is the same as its text', async () => {
  await addOn.accept(event('track', { userId: 7 }), event('track', { userId: '7' }))
  expect(addOn.rows()).toEqual([['', '7', '']])
})

test('T7: the earlier key stays on record, and so does its contact', async () => {
  addOn.configure({ dataMaps: [{ from: 'event', to: 25 }] })
  await addOn.accept(
    message('a u old@x'),
    addOn.track('One', '12:00'),
    message('a u new@x'),
    addOn.track('Two', '12:01'),
  )
  const { body } = await addOn.control('GET', 'users')
  expect(body).toMatchObject([{ anonymousId: ['a'], primarykey: 'new@x', previousPrimaryKeys: ['old@x'] }])
  expect([addOn.field('old@x', 25), addOn.field('new@x', 25)]).toEqual(['One', 'Two'])
})

describe('T10: without a primary key', () => {
  beforeEach(() =>
    addOn.configure({
      dataMaps: [{ from: 'properties.city', to: 11 }],
      programs: [{ id: 'p' }],
      rules: [{ id: 'r', steps: [{ event: 'Go' }], repeat: 'always', trigger: { programId: 'p' } }],
    }),
  )

  test('the newest value of a field and the programs wait on the row, and are seen there', async () => {
    await addOn.accept(
      addOn.track('Go', '12:02', { properties: { city: 'Vienna' } }),
      addOn.track('Go', '12:01', { properties: { city: 'Graz' } }),
    )
    expect((await addOn.control('GET', 'users')).body).toMatchObject([
      { primarykey: null, pending: { 11: 'Vienna' }, waitingPrograms: 2 },
    ])
    expect((await addOn.control('GET', 'contacts')).body).toEqual([])
    expect((await addOn.control('GET', 'programs')).body).toEqual([])
    await addOn.accept(message('- u k@x'))
    expect((await addOn.control('GET', 'users')).body).toMatchObject([{ pending: {}, waitingPrograms: 0 }])
    expect(addOn.field('k@x', 11)).toBe('Vienna')
    expect((await addOn.control('GET', 'programs')).body).toMatchObject([
      { programId: 'p', primaryKey: 'k@x' },
      { programId: 'p', primaryKey: 'k@x' },
    ])
  })

  test('a hundred programs wait, and the oldest gives way', async () => {
    const events = Array.from({ length: 101 }, () => addOn.track('Go', '12:00'))
    await addOn.accept(...events, message('- u k@x'))
    expect(addOn.programs()).toEqual(events.slice(1).map(({ messageId }) => [messageId]))
  })
})

test('T11: alias and group calls are answered with 501 and change nothing', async () => {
  for (const type of ['alias', 'group'])
    expect((await addOn.post(event(type, { userId: 'u', anonymousId: 'a' }))).status).toBe(501)
  expect(addOn.rows()).toEqual([])
})

test('T12: a deletion removes the row of the user and the contact, and nobody else', async () => {
  addOn.configure({ createContacts: 'onPrimaryKey' })
  await addOn.accept(message('a u k@x'), message('b v l@x'), event('delete', { userId: 'u' }))
  expect(addOn.rows()).toEqual([['b', 'v', 'l@x']])
  expect((await addOn.control('GET', 'segments')).body).toEqual({ 'segment.com': ['l@x'] })
  await addOn.accept(message('a - -'))
  expect(addOn.rows()).toEqual([
    ['b', 'v', 'l@x'],
    ['a', '', ''],
  ])
  expect((await addOn.post(event('delete', { anonymousId: 'b' }))).status).toBe(400)
})

test('A3: the columns of the table have the names that the vendor gives them', async () => {
  await addOn.accept(message('a u k@x'))
  const { body } = await addOn.control('GET', 'users')
  expect(Object.keys(body[0])).toEqual(expect.arrayContaining(['anonymousId', 'userId', 'primarykey']))
})
