import { definition, type Row, send, subscribe, testRows, type Way } from '../../support/differences'

/** Whether a filter lets an event through: true, false, or `refused`. */
const filter = (text: string, event: object) => async (way: Way) => {
  const results = await send(way, definition(), [subscribe(text)], event)
  const last = Array.isArray(results) ? results.at(-1) : undefined
  if (last?.output === 'Action Executed') return true
  return last?.output === 'not subscribed' ? false : 'refused'
}

const filters: Row[] = [
  [
    'and binds closer than or',
    'type = "track" and event = "B" or event = "A"',
    { type: 'page', event: 'C' },
    false,
    false,
  ],
  [
    'and binds closer than or, dropped events',
    'event = "A" or type = "identify" and event = "Z"',
    { type: 'track', event: 'A' },
    true,
    false,
  ],
  [
    'a call inside a group does not end it',
    'type = "track" and (contains(event, "A") or event = "B")',
    { type: 'page', event: 'A' },
    false,
    true,
  ],
  [
    'groups may be nested',
    'type = "track" and (event = "B" or (event = "A" and userId = "u"))',
    { type: 'track', event: 'A', userId: 'u' },
    true,
    'refused',
  ],
  [
    'a condition on any field holds',
    'type = "track" and anonymousId = "nope"',
    { type: 'track' },
    false,
    true,
  ],
  [
    'in looks into lists',
    "'dark' in properties.features",
    { type: 'track', properties: { features: ['dark'] } },
    true,
    'refused',
  ],
  ['single quotes quote', "type = 'track'", { type: 'track' }, true, false],
  ['match knows asterisks at both ends', 'match(event, "*A*")', { type: 'track', event: 'xAx' }, true, false],
].map(([row, text, event, right, reference]) => ({
  row: row as string,
  verdict: 'F',
  run: filter(text as string, event as object),
  right,
  reference,
}))
filters.push(
  ...(
    [
      ['match without an asterisk compares', 'match(event, "A")', { type: 'track', event: 'B' }, false, true],
      ['a negation negates', '!(type = "track")', { type: 'track' }, false, true],
      ['null is no text', 'event != null', { type: 'track' }, false, true],
    ] as const
  ).map(
    ([row, text, event, right, reference]): Row => ({
      row,
      verdict: 'B, but for filters',
      run: filter(text, event),
      right,
      reference,
    }),
  ),
)

testRows(filters)
