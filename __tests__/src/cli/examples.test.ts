import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { semanticEventNames } from 'waybill/testing'
import { semanticEvents } from '../../../destinations/zaius/vocabulary'

type ExampleEvent = { event?: string; type: string; traits?: Record<string, unknown> }

const examples = join(__dirname, '../../../examples')
const { exampleEvents } = require(join(examples, 'generate-events.js')) as { exampleEvents(): string }

describe('the example events', () => {
  const text = gunzipSync(readFileSync(join(examples, 'events.ndjson.gz'))).toString('utf8')
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExampleEvent)

  test('are what their generator makes: node examples/generate-events.js writes them anew', () => {
    expect(text === exampleEvents()).toBe(true)
  })

  test('are a few thousand', () => {
    expect(events).toHaveLength(4000)
  })

  test.each([
    ...semanticEvents.map(({ event }) => event),
    'Audience Entered',
    'Audience Exited',
    'Trait Computed',
  ])('hold %s, which Zaius knows', (name) => {
    expect(events.some(({ event }) => event === name)).toBe(true)
  })

  test.each([true, false])('hold a member of an audience whose trait is %p', (isMember) => {
    const identifies = events.filter(({ type }) => type === 'identify')
    expect(identifies.some(({ traits }) => traits?.big_spenders === isMember)).toBe(true)
  })

  test.each([...semanticEventNames.ecommerce, ...semanticEventNames.email])('hold %s', (name) => {
    expect(events.some(({ event }) => event === name)).toBe(true)
  })
})
