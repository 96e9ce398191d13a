import type { SegmentEvent } from 'waybill'
import {
  type AddOnConfiguration,
  type EmarsysEmulator,
  startEmarsysEmulator,
  testKey,
} from 'waybill/emulators/emarsys'
import { event } from './deliver'

/** The hour and minute at which the messages of a test happen, on one day. */
export const at = (time: string) => ({ timestamp: `2026-03-01T${time}:00.000Z` })

type Members = Readonly<Record<string, unknown>>

/** An add-on for each test, to which messages are posted without a destination in between. */
export function useAddOn() {
  let emulator: EmarsysEmulator
  beforeEach(async () => {
    emulator = await startEmarsysEmulator()
  })
  afterEach(() => emulator.close())

  const post = (message: unknown, headers: Readonly<Record<string, string>> = {}, path = '/segment') =>
    fetch(`${emulator.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${testKey}:`)}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof message === 'string' ? message : JSON.stringify(message),
    })

  return {
    get emulator() {
      return emulator
    },
    post,
    configure: (configuration: AddOnConfiguration) => emulator.account().configure(configuration),
    /** Posts events one after the other; each has to be accepted. */
    async accept(...events: readonly SegmentEvent[]): Promise<void> {
      for (const each of events) expect((await post(each)).status).toBe(200)
    },
    track: (name: string, time: string, members: Members = {}) =>
      event('track', { userId: 'u', event: name, ...at(time), ...members }),
    /** `PUT` and `POST` switches, `GET` views. */
    async control(method: string, path: string, body?: unknown) {
      const answer = await fetch(`${emulator.url}/__emulator/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    /** Anonymous ids, user id and primary key of each row, oldest row first. */
    rows: () =>
      [...emulator.account().users.rows].map(({ anonymousIds, userId, primaryKey }) => [
        [...anonymousIds].sort().join(' '),
        userId ?? '',
        primaryKey ?? '',
      ]),
    programs: () => emulator.account().programs.map(({ matchedMessageIds }) => matchedMessageIds),
    field: (key: string, fieldId: number) => emulator.account().contacts.get(key)?.fields.get(fieldId),
  }
}
