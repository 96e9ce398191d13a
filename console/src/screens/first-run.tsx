import { useState } from 'preact/hooks'
import type { Health } from '../../../src/console/shapes'
import { post } from '../data/api'
import { hasFeature, may, me } from '../data/session'
import { say, sayFailure } from '../data/toast'
import { Button, CopyButton, Segments } from '../parts/controls'
import { Screen } from '../parts/frame'
import { Icon } from '../parts/icon'
import { capital, numberWord } from '../words/format'

type Way = 'curl' | 'js' | 'node' | 'file'
const ways = [
  ['curl', 'curl'],
  ['js', 'analytics.js'],
  ['node', 'Node'],
  ['file', 'A file'],
] as const satisfies readonly (readonly [Way, string])[]

function exampleOf(way: Way, url: string, key: string): string {
  if (way === 'curl')
    return `curl ${url}/v1/track \\\n  --user ${key}: \\\n  --json '{"userId":"ada","event":"Order Completed",\n           "properties":{"order_id":"o-1","total":25}}'`
  if (way === 'js')
    return `import { AnalyticsBrowser } from '@segment/analytics-next'\n\nconst analytics = AnalyticsBrowser.load(\n  { writeKey: '${key}', cdnURL: '${url}' },\n  { integrations: { 'Segment.io': { apiHost: '${url.replace(/^https?:\/\//, '')}/v1', protocol: '${url.startsWith('https') ? 'https' : 'http'}' } } },\n)\nanalytics.track('Order Completed', { order_id: 'o-1', total: 25 })`
  if (way === 'node')
    return `import { Analytics } from '@segment/analytics-node'\n\nconst analytics = new Analytics({ writeKey: '${key}', host: '${url}' })\nanalytics.track({\n  userId: 'ada',\n  event: 'Order Completed',\n  properties: { order_id: 'o-1', total: 25 },\n})`
  return `# events.ndjson: one event a line\nwaybill run --input events.ndjson`
}

/** Nothing has arrived yet: how to make the first event arrive. */
export function FirstRun({ connections }: { readonly connections: readonly Health[] }) {
  const [way, setWay] = useState<Way>('curl')
  const ingest = me.value?.ingest
  const url = ingest?.url ?? location.origin
  const example = exampleOf(way, url, ingest?.writeKey ?? 'YOUR_WRITE_KEY')
  const blocked = connections.filter(({ state }) => state === 'blocked')
  const names = connections.map(({ name }) => name).join(', ')
  const sendSamples = async (): Promise<void> => {
    try {
      const { sent } = await post<{ sent: number }>('/api/samples')
      say(`${sent} sample events are on their way.`)
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <Screen title="Overview">
      <div class="lead">
        <h1>Nothing has arrived yet.</h1>
        <p>
          {ingest === undefined
            ? 'Events come from a file or a program.'
            : 'Point a Segment SDK at this address, or send one event by hand.'}
        </p>
      </div>
      <section class="panel first">
        <div class="example">
          <div class="bar">
            <Segments label="How" value={way} options={ways} onChange={setWay} />
            <CopyButton text={example} label="Copy the example" />
          </div>
          <pre>{example}</pre>
        </div>
        <ul class="steps">
          <li>
            <span class={connections.length > 0 ? 'delivered' : 'invalid'}>
              <Icon name={connections.length > 0 ? 'check' : 'warning'} />
            </span>
            <div>
              <strong>
                {connections.length === 0
                  ? 'No connection is open'
                  : `${capital(numberWord(connections.length))} ${connections.length === 1 ? 'connection is' : 'connections are'} open`}
              </strong>
              <p class="muted">
                {connections.length === 0
                  ? 'add one to waybill.config.json'
                  : `${names}${hasFeature('samples') ? ': to emulators on this machine' : ''}`}
              </p>
            </div>
          </li>
          <li>
            <span class={blocked.length > 0 ? 'blocked' : 'delivered'}>
              <Icon name={blocked.length > 0 ? 'lock' : 'check'} />
            </span>
            <div>
              <strong>
                {blocked.length > 0
                  ? `The credentials of ${blocked.map(({ name }) => name).join(', ')} are refused`
                  : 'No credentials are refused'}
              </strong>
              <p class="muted">
                {blocked.length > 0 ? 'open the connection to see why' : 'each connection can test its own'}
              </p>
            </div>
          </li>
          <li>
            <span class="retry">
              <Icon name="clock" />
            </span>
            <div>
              <strong>Waiting for the first event</strong>
              <p class="muted">this page goes on by itself</p>
            </div>
          </li>
        </ul>
      </section>
      <div class="buttons-row">
        {hasFeature('samples') && may('send') && (
          <Button kind="primary" icon="send" onClick={sendSamples}>
            Send 100 sample events
          </Button>
        )}
        <Button icon="flask" href="/test">
          Try an action instead
        </Button>
      </div>
    </Screen>
  )
}
