import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { semanticEventNames } from 'waybill/testing'

const examples = join(__dirname, '../../../examples')
const { exampleEvents } = require(join(examples, 'generate-events.js')) as { exampleEvents(): string }

describe('the example events', () => {
  const text = gunzipSync(readFileSync(join(examples, 'events.ndjson.gz'))).toString('utf8')
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event?: string; type: string })

  test('are what their generator makes: node examples/generate-events.js writes them anew', () => {
    expect(text === exampleEvents()).toBe(true)
  })

  test('are a few thousand', () => {
    expect(events).toHaveLength(4000)
  })

  test.each([...semanticEventNames.ecommerce, ...semanticEventNames.email])('hold %s', (name) => {
    expect(events.some(({ event }) => event === name)).toBe(true)
  })
})
