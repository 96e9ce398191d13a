import type { ExplainResult } from '../../../src/console/shapes'
import { say } from '../data/toast'

function copy(text: string, what: string): void {
  navigator.clipboard?.writeText(text).then(
    () => say(`Copied as ${what}.`),
    () => say('The browser does not allow to copy.'),
  )
}

const indented = (value: unknown, by: string): string =>
  JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${by}`)

/** A test of the action with this event and mapping, as the testing kit has it. */
export function copyAsTest(slug: string, action: string, body: Readonly<Record<string, unknown>>): void {
  copy(
    `import { createHarness } from 'waybill/testing'
import { loadDestination } from 'waybill/destinations'

test('${action} makes the request that was seen in the console', async () => {
  const explanation = await explain({
    connection: {
      destination: loadDestination('${slug}'),
      settings: sampleSettings(loadDestination('${slug}').authentication?.fields),
      subscriptions: [{ action: '${action}', filter: ${JSON.stringify(body.filter)}, mapping: ${indented(body.mapping, '      ')} }],
    },
    event: ${indented(body.event, '    ')},
  })
  expect(explanation.subscriptions[0]?.requests).toMatchSnapshot()
})
`.replace(
      "import { createHarness } from 'waybill/testing'",
      "import { explain } from 'waybill'\nimport { sampleSettings } from 'waybill/testing'",
    ),
    'a test',
  )
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The first request as curl; what is masked becomes a variable. */
export function copyAsCurl(result: ExplainResult | undefined): void {
  const request = result?.subscriptions[0]?.requests?.[0]
  if (request === undefined) {
    say('There is no request to copy.')
    return
  }
  const headers = Object.entries(request.headers).map(([name, value]) => {
    const masked = value.includes('***')
    return `  -H ${masked ? `"${name}: ${value.replace(/\*\*\*/g, '$WAYBILL_KEY')}"` : quoted(`${name}: ${value}`)}`
  })
  const body = request.body === undefined ? [] : [`  --data-raw ${quoted(request.body)}`]
  copy([`curl -X ${request.method} ${quoted(request.url)}`, ...headers, ...body].join(' \\\n'), 'curl')
}
