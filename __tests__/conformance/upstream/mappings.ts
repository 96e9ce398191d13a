import { action, all, definition, type Row, subscribe } from './row'
import type { Way } from './ways'

/** What a mapping gives for an event. */
const map =
  (value: unknown, event: object = {}) =>
  async (way: Way) => {
    let seen: unknown = 'refused'
    const perform = (_request: unknown, { payload }: { payload: { value?: unknown } }) => {
      seen = payload.value
    }
    const events = [{ type: 'track', ...event }]
    await way.send({
      definition: definition(action({ perform })),
      subscriptions: [subscribe(all, { value })],
      events,
    })
    return seen
  }

export const mappings: Row[] = [
  {
    subject: 'a wrong directive inside a list is refused, reached or not',
    run: map([{ '@if': { exists: { '@path': '$.no' }, then: [{ '@nope': 1 }] } }]),
    right: 'refused',
    reference: [undefined],
  },
  {
    subject: 'inherited properties are not values',
    run: map([{ '@path': '$.constructor.name' }, { '@path': '$.event.length' }], { event: 'abc' }),
    right: [undefined, undefined],
    reference: ['Object', 3],
  },
  {
    subject: '`$.` in the middle of a path is a part of it',
    run: map({ '@path': 'a$.b' }, { ab: 'wrong', a$: { b: 'right' } }),
    right: 'right',
    reference: 'wrong',
  },
  {
    subject: 'a key in quotes may hold dots and brackets',
    run: map({ '@path': "$.properties['a.b [c]']" }, { properties: { 'a.b [c]': 1 } }),
    right: 1,
    reference: undefined,
  },
  {
    subject: 'what an event holds is never read as a template',
    run: map({ '@template': '{{{event}}}' }, { event: '{{userId}}', userId: 'secret' }),
    right: '{{userId}}',
    reference: 'secret',
  },
  {
    subject: 'a falsy `else` is used',
    run: map({ '@if': { exists: { '@path': '$.no' }, then: 1, else: 0 } }),
    right: 0,
    reference: undefined,
  },
  {
    subject: 'the mode of `@json` may be written in any case',
    run: map({ '@json': { mode: 'ENCODE', value: { '@path': '$.a' } } }, { a: [1] }),
    right: '[1]',
    reference: undefined,
  },
  {
    subject: 'a range of Liquid is held to its limits',
    run: async (way) =>
      (await map({ '@liquid': '{{ (1..2000000) | size }}' })(way)) === '2000000' ? 'made' : 'refused',
    right: 'refused',
    reference: 'made',
  },
  {
    subject: 'a root directive and `@replace` are left as they are stored',
    isOfModule: true,
    run: async ({ open }) => {
      const stored = {
        __segment_internal_directive: {
          '@transform': { apply: { a: { '@replace': { pattern: 'a', value: 'abc' } } } },
        },
        b: { '@path': '$.a' },
      }
      await open?.(definition()).executeAction('act', {
        event: { type: 'track' },
        mapping: stored,
        settings: {},
      })
      const { apply, ...more } = stored.__segment_internal_directive['@transform']
      return [Object.keys(more), Object.keys(apply.a['@replace'])]
    },
    right: [[], ['pattern', 'value']],
    reference: [['mapping'], ['pattern', 'value', 'replacement', 'ignorecase', 'global']],
  },
]
