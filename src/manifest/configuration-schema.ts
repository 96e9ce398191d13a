import type { ActionManifest, DestinationManifest, FieldManifest, FieldsManifest, Manifest } from './manifest'

type Schema = { readonly [keyword: string]: unknown }

const jsonTypes: Readonly<Record<string, string>> = {
  string: 'string',
  text: 'string',
  password: 'string',
  datetime: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  object: 'object',
}

const words = ({ label, description }: FieldManifest): Schema => ({
  title: label,
  ...(description === '' ? {} : { description }),
})

/** A reference to the environment may stand in the place of any value. */
const fromEnvironment: Schema = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}' }

function valueSchema({ type, choices, multiple, minimum, maximum }: FieldManifest): Schema {
  const isNumber = type === 'number' || type === 'integer'
  const one: Schema = {
    type: jsonTypes[type] ?? 'string',
    ...(choices === undefined ? {} : { enum: choices.map(({ value }) => value) }),
    ...(isNumber && minimum !== undefined ? { minimum } : {}),
    ...(isNumber && maximum !== undefined ? { maximum } : {}),
  }
  return multiple ? { type: 'array', items: one } : one
}

/** Settings as they may stand in a file: typed values, or references to the environment. */
function settingsSchema(settings: FieldsManifest): Schema {
  const entries = Object.entries(settings)
  const required = entries.flatMap(([key, field]) =>
    field.required === true && field.default === undefined ? [key] : [],
  )
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([key, field]) => [
        key,
        {
          ...words(field),
          ...(field.default === undefined ? {} : { default: field.default }),
          anyOf: [valueSchema(field), fromEnvironment],
        },
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
}

/** Fields of a mapping: any value or directive may stand there, so only names and words are said. */
const mappingSchema = ({ fields }: ActionManifest): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [
      key,
      { ...words(field), ...(field.default === undefined ? {} : { default: field.default }) },
    ]),
  ),
})

const subscriptionOf = (slug: string, action: ActionManifest): Schema => ({
  if: { properties: { action: { const: slug } }, required: ['action'] },
  then: { properties: { mapping: mappingSchema(action) } },
})

function connectionOf(slug: string, { name, settings, actions }: DestinationManifest): Schema {
  const slugs = Object.entries(actions)
  const action = {
    description: `An action of ${name}.`,
    enum: slugs.map(([actionSlug]) => actionSlug),
  }
  const items = {
    properties: { action, partnerAction: action },
    allOf: slugs.map(([actionSlug, each]) => subscriptionOf(actionSlug, each)),
  }
  const needsSettings = Object.values(settings).some(
    (field) => field.required === true && field.default === undefined,
  )
  return {
    if: { properties: { destination: { const: slug } }, required: ['destination'] },
    then: {
      properties: {
        settings: settingsSchema(settings),
        subscriptions: { anyOf: [{ const: 'presets' }, { type: 'array', items }] },
      },
      ...(needsSettings ? { required: ['settings'] } : {}),
    },
  }
}

const count: Schema = { type: 'integer', minimum: 1 }
const text: Schema = { type: 'string', minLength: 1 }

const closed = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
})

const subscription = closed({
  name: { ...text, description: 'Default: the slug of the action.' },
  action: { ...text, description: 'Slug of the action.' },
  partnerAction: { ...text, description: 'The name of `action` in subscriptions stored at Segment.' },
  filter: { ...text, description: 'FQL, such as type = "track" and event = "Order Completed".' },
  subscribe: { ...text, description: 'The name of `filter` in subscriptions stored at Segment.' },
  mapping: {
    type: 'object',
    description: "Values by field. Default: the defaults of the action's fields.",
  },
  enabled: { type: 'boolean', default: true },
  batch: {
    description: 'false sends event by event.',
    anyOf: [{ const: false }, closed({ maxCount: count, maxBytes: count, maxAgeMs: count })],
  },
  ID: text,
  ConfigID: text,
  ActionID: text,
  ProjectID: text,
})

function connectionSchema({ destinations }: Manifest): Schema {
  const slugs = Object.keys(destinations)
  return {
    ...closed(
      {
        name: {
          ...text,
          description: 'Unique in the file; outcomes and dead letters carry it. Default: the slug.',
        },
        destination: {
          description: `One of ${slugs.join(', ')}, or "module#export" for a destination from elsewhere.`,
          anyOf: [{ enum: slugs }, text],
        },
        settings: {
          type: 'object',
          description: `Secrets come from the environment: "\${NAME}".`,
        },
        subscriptions: {
          description: '"presets" turns all automatic presets of the destination on.',
          anyOf: [{ const: 'presets' }, { type: 'array', items: { $ref: '#/definitions/subscription' } }],
        },
        filter: { ...text, description: 'FQL over the whole connection: other events are skipped.' },
        enabled: { type: 'boolean', default: true },
        audiences: {
          description: 'How `waybill audience sync` tells who came into an audience and who left it.',
          ...closed({
            call: { enum: ['identify', 'track'], default: 'identify' },
            startDelayMs: { ...count, description: 'Before the first sync of an audience is sent.' },
            perSecond: { type: 'number', exclusiveMinimum: 0, description: 'People per second.' },
          }),
        },
        ordering: {
          enum: ['user', 'none'],
          description: "Whether events of one person keep their order. Default: the destination's.",
        },
        limits: closed({
          concurrency: { ...count, description: 'Requests in flight. Default 16.' },
          requestsPerSecond: { type: 'number', exclusiveMinimum: 0 },
          maxPending: { ...count, description: 'Deliveries that may wait in memory.' },
        }),
        network: closed({
          proxy: closed({ http: text, https: text, no: text }),
          tls: closed({
            ca: {
              anyOf: [text, texts],
              description: 'PEM, or files that hold it: trusted beside the usual ones.',
            },
            cert: { ...text, description: 'The certificate of the client: PEM, or its file.' },
            key: { ...text, description: 'Its key: PEM, or its file.' },
            passphrase: text,
          }),
          allowPrivateAddresses: {
            type: 'boolean',
            default: true,
            description: 'False: nothing is sent into private networks, whatever the settings say.',
          },
        }),
      },
      ['destination', 'subscriptions'],
    ),
    allOf: Object.entries(destinations).map(([slug, destination]) => connectionOf(slug, destination)),
  }
}

const texts: Schema = { type: 'array', items: text }

const source = closed(
  {
    name: { ...text, description: 'Unique; reports and refusals carry it.' },
    writeKey: {
      description: `The key of its SDK, or a list of them; "\${NAME}" comes from the environment.`,
      anyOf: [text, texts],
    },
    connections: { ...texts, description: 'Names of the connections that get its events. Default: all.' },
    enabled: { type: 'boolean', default: true, description: 'false: its requests are refused with 403.' },
    requestsPerSecond: { type: 'number', exclusiveMinimum: 0 },
    failWhenAllInvalid: {
      type: 'boolean',
      default: false,
      description: 'Answers 400 where no event of a request was good.',
    },
  },
  ['name', 'writeKey'],
)

const ingest = closed({
  publicUrl: { ...text, description: 'Address under which browsers and phones reach the server.' },
  unknownKey: { enum: ['reject', 'accept'], default: 'reject' },
  limits: {
    description: '"strict": those of Segment.',
    anyOf: [
      { const: 'strict' },
      closed({ requestBytes: count, eventBytes: count, events: count, messageIdLength: count }),
    ],
  },
  trustedProxies: {
    ...texts,
    description: 'Whose X-Forwarded-For is believed: addresses, ranges, loopback.',
  },
})

/**
 * A JSON schema (draft 7) of the configuration file, with the settings, actions and fields of the manifest's
 * destinations, so that editors complete and check them. Destinations from elsewhere pass with any settings.
 */
export const configurationSchema = (manifest: Manifest): Schema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Configuration of waybill',
  ...closed(
    {
      $schema: { type: 'string' },
      compatibility: {
        type: 'boolean',
        default: false,
        description: 'Reads filters and mappings as @segment/actions-core does, defects included.',
      },
      connections: {
        type: 'array',
        minItems: 1,
        description: 'Destinations with their settings and subscriptions.',
        items: { $ref: '#/definitions/connection' },
      },
      sources: { type: 'array', description: 'Who sends events to `waybill serve`.', items: source },
      ingest,
    },
    ['connections'],
  ),
  allowComments: true,
  allowTrailingCommas: true,
  definitions: { connection: connectionSchema(manifest), subscription },
})
