import { document, type Reply } from './reply'

/**
 * What browsers and phones ask for before they send. Without the entry `Segment.io` and its `apiHost` they send events
 * to Segment, and without `metrics.sampleRate: 0` telemetry. The address comes from the configuration, never from the
 * request. `publicUrl` has no path of its own.
 */
export function settingsReply(writeKey: string, publicUrl: URL): Reply {
  const entry = {
    apiKey: writeKey,
    apiHost: `${publicUrl.host}/v1`,
    protocol: publicUrl.protocol.slice(0, -1),
  }
  return document({ integrations: { 'Segment.io': entry }, plan: {}, metrics: { sampleRate: 0 } })
}
