import { defineSettings } from '../definition/define'

/** Milliseconds to wait for an answer, where the settings name none. Segment documents five seconds for webhooks. */
export const partnerTimeoutMs = 5_000

/**
 * Settings that every destination with a partner endpoint needs beside its `apiKey`, whose label and description are
 * the partner's. Spread them into `defineSettings`.
 */
export const partnerEndpointSettings = defineSettings({
  endpoint: {
    label: 'Endpoint',
    description:
      'The address to which the partner wants messages posted. The partner tells it; it is not published. HTTPS, except on the local machine.',
    type: 'string',
    format: 'uri',
    required: true,
  },
  timeoutMs: {
    label: 'Time-out',
    description: 'How many milliseconds to wait for an answer before the message is sent again.',
    type: 'number',
    default: partnerTimeoutMs,
    minimum: 1,
    maximum: 120_000,
  },
  sendDeletes: {
    label: 'Send deletions',
    description:
      'Post a message of type delete when a user has to be deleted. Turn it on after the partner has confirmed that it acts on such messages.',
    type: 'boolean',
    default: false,
  },
})

/** What the wire needs to know of a connection; the settings of a destination serve as they are. */
export type PartnerAccount = {
  /** Identifies the customer's account at the partner. */
  readonly apiKey: string
  readonly endpoint: string
  /** Milliseconds. Default 5,000. */
  readonly timeoutMs?: number
  /** All settings but the key, for partners that define some: they travel in `X-Segment-Settings`. */
  readonly customSettings?: Readonly<Record<string, unknown>>
}
