import { outcomeOf } from '../../support/both-cores'
import { all, definition, type Row, send, subscribe, testRows, type Way } from '../../support/differences'

/** What a mapping gives for an event: the payload, or `refused`. */
const map = (value: unknown, event: object) => async (way: Way) => {
  const results = await send(way, definition(), [subscribe(all, { value })], { type: 'track', ...event })
  const executed = Array.isArray(results) ? results.at(-1) : undefined
  return executed?.output === 'Action Executed' ? (executed.data as { value: unknown }).value : 'refused'
}

const mappings: Row[] = [
  {
    row: 'a wrong directive inside a list is refused, reached or not',
    verdict: 'F',
    run: map([{ '@if': { exists: { '@path': '$.no' }, then: [{ '@nope': 1 }] } }], {}),
    right: 'refused',
    reference: [undefined],
  },
  {
    row: 'a root directive is left as it is stored',
    verdict: 'B',
    run: async (way) => {
      const stored = {
        __segment_internal_directive: { '@transform': { apply: { a: 1 } } },
        b: { '@path': '$.a' },
      }
      await way
        .open(definition())
        .executeAction('act', { event: { type: 'track' }, mapping: stored, settings: {} })
      return Object.keys(stored.__segment_internal_directive['@transform'])
    },
    right: ['apply'],
    reference: ['apply', 'mapping'],
  },
  {
    row: 'inherited members are not values',
    verdict: 'F',
    run: map([{ '@path': '$.constructor.name' }, { '@path': '$.event.length' }], { event: 'abc' }),
    right: [undefined, undefined],
    reference: ['Object', 3],
  },
  {
    row: '$. in the middle of a path is a part of it',
    verdict: 'F',
    run: map({ '@path': 'a$.b' }, { ab: 'wrong', a$: { b: 'right' } }),
    right: 'right',
    reference: 'wrong',
  },
  {
    row: 'what an event holds is never read as a template',
    verdict: 'B',
    run: map({ '@template': '{{{event}}}' }, { event: '{{userId}}', userId: 'secret' }),
    right: '{{userId}}',
    reference: 'secret',
  },
  {
    row: 'a falsy else is used',
    verdict: 'F',
    run: map({ '@if': { exists: { '@path': '$.no' }, then: 1, else: 0 } }, {}),
    right: 0,
    reference: undefined,
  },
  {
    row: '@replace leaves the stored mapping as it is',
    verdict: 'B',
    run: async (way) => {
      const stored = { a: { '@replace': { pattern: 'a', value: 'abc' } } }
      await way
        .open(definition())
        .executeAction('act', { event: { type: 'track' }, mapping: stored, settings: {} })
      return Object.keys(stored.a['@replace'])
    },
    right: ['pattern', 'value'],
    reference: ['pattern', 'value', 'replacement', 'ignorecase', 'global'],
  },
  {
    row: 'the mode of @json may be written in any case',
    verdict: 'F',
    run: map({ '@json': { mode: 'ENCODE', value: { '@path': '$.a' } } }, { a: [1] }),
    right: '[1]',
    reference: undefined,
  },
  {
    row: 'tags of statistics are those of the caller after a mapping that fails',
    verdict: 'B',
    run: async (way) => {
      const statsContext = { statsClient: { incr: () => undefined }, tags: ['mine'] }
      await outcomeOf(() => way.core.transform({ a: [{ '@nope': 1 }] } as never, {}, statsContext as never))
      return statsContext.tags
    },
    right: ['mine'],
    reference: ['mine', 'fieldKey:a'],
  },
]

testRows(mappings)
