import { definition, type Row, subscribe } from './row'
import type { Way } from './ways'

/** Whether a filter lets an event through. */
const filter = (text: string, event: object) => async (way: Way) =>
  (await way.send({ definition: definition(), subscriptions: [subscribe(text)], events: [event] }))[0]

const a = { type: 'track', event: 'A' }

export const filters: Row[] = (
  [
    [
      '`and` binds closer than `or`',
      'event = "A" or type = "identify" and event = "Z"',
      a,
      'sent',
      'skipped',
    ],
    [
      'a call inside a group does not end it',
      'type = "track" and (contains(event, "A") or event = "B")',
      { type: 'page', event: 'A' },
      'skipped',
      'sent',
    ],
    [
      'groups may be nested',
      'type = "track" and (event = "B" or (event = "A" and userId = "u"))',
      { ...a, userId: 'u' },
      'sent',
      'refused',
    ],
    [
      'a condition on any field holds',
      'type = "track" and anonymousId = "nope"',
      { type: 'track' },
      'skipped',
      'sent',
    ],
    [
      '`in` looks into lists',
      "'dark' in properties.features",
      { type: 'track', properties: { features: ['dark'] } },
      'sent',
      'refused',
    ],
    ['single quotes quote', "type = 'track'", { type: 'track' }, 'sent', 'skipped'],
    [
      '`match` knows asterisks anywhere',
      'match(event, "*A*")',
      { type: 'track', event: 'xAx' },
      'sent',
      'skipped',
    ],
    [
      '`match` without an asterisk compares',
      'match(event, "A")',
      { type: 'track', event: 'B' },
      'skipped',
      'sent',
    ],
    ['a negation negates', '!(type = "track")', { type: 'track' }, 'skipped', 'sent'],
    ['`null` is no text', 'event != null', { type: 'track' }, 'skipped', 'sent'],
  ] as const
).map(([subject, text, event, right, reference]) => ({ subject, run: filter(text, event), right, reference }))
