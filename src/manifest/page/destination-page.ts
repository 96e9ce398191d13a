import type { SampleRequest } from 'waybill/testing'
import type { ActionManifest, DestinationManifest, FieldsManifest, PresetManifest } from '../manifest'
import { fieldTable } from './field-table'
import { code, mappingWords } from './mapping-words'
import { markdownTable } from './markdown-table'
import { sharedFields, splitFields } from './shared-fields'

/** What has been sent for each action, by its slug. */
export type Samples = { readonly [action: string]: SampleRequest }

const httpBlock = (request: string): string => `\`\`\`http\n${request}\n\`\`\``

function sampleSection(sample: SampleRequest | undefined): string[] {
  if (sample === undefined || sample.requests.length === 0) return []
  const made = sample.isOfEvent ? '' : ', with made-up values where the event has none,'
  return [`A sample ${code(sample.event)} event${made} becomes`, ...sample.requests.map(httpBlock)]
}

const filterSentence = ({ defaultSubscription }: ActionManifest): string[] =>
  defaultSubscription === undefined ? [] : [`New subscriptions begin with ${code(defaultSubscription)}.`]

const syncModeSentence = ({ syncMode }: ActionManifest): string[] =>
  syncMode === undefined
    ? []
    : [
        `Sync modes: ${syncMode.choices.map(({ value }) => code(String(value))).join(', ')}; ${code(syncMode.default)} by default.`,
      ]

const actionLead = (slug: string, action: ActionManifest): string =>
  [
    `${code(slug)}: ${action.description}`,
    ...filterSentence(action),
    ...(action.batch ? ['Events can travel together.'] : []),
    ...syncModeSentence(action),
  ].join(' ')

const presetRow = ({ name, type, action, filter, mapping }: PresetManifest): string[] => [
  name,
  code(action),
  type === 'automatic' ? code(filter) : `${type} ${code(filter)}`,
  mapping === undefined ? '' : mappingWords(mapping),
]

const presetTable = (presets: readonly PresetManifest[]): string =>
  presets.length === 0
    ? 'None.'
    : markdownTable(['preset', 'action', 'filter', 'in place of the default'], presets.map(presetRow))

function facts(slug: string, destination: DestinationManifest): string {
  const { name, integrationNames = [], ordering, idempotent, limits, deletesUsers } = destination
  const names = [name, ...integrationNames].map(code).join(' or ')
  return [
    `- In a configuration it is ${code(slug)}; in an event's integrations object ${names}.`,
    ordering === undefined ? '' : '- Events of one person are delivered in their order.',
    idempotent ? '- The vendor recognizes a repeated call, so what got no answer is sent again.' : '',
    limits?.requestsPerSecond === undefined ? '' : `- At most ${limits.requestsPerSecond} requests a second.`,
    limits?.concurrency === undefined ? '' : `- At most ${limits.concurrency} requests at a time.`,
    deletesUsers ? '- Users can be deleted.' : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

const joined = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`

/** The page of a destination in the catalog: Markdown. */
export const destinationPage = (slug: string, destination: DestinationManifest, samples: Samples): string =>
  joined([
    `# ${destination.name}`,
    '<!-- Written by `waybill docs` from the definition. Change the definition, not this page. -->',
    ...(destination.description === undefined ? [] : [destination.description]),
    facts(slug, destination),
    '## Settings',
    fieldTable(destination.settings, 'setting'),
    '## Presets',
    presetTable(destination.presets),
    '## Actions',
    ...Object.entries(destination.actions).flatMap(([action, definition]) => [
      `### ${definition.title}`,
      actionLead(action, definition),
      fieldTable(definition.fields, 'field'),
      ...sampleSection(samples[action]),
    ]),
  ])

/** An action in the section: its own fields as a table, the shared ones by their keys. */
function shortSection(slug: string, action: ActionManifest, shared: FieldsManifest): string[] {
  const { own, sharedKeys } = splitFields(action.fields, shared)
  return [
    `### ${action.title} (${code(slug)})`,
    action.description,
    ...(Object.keys(own).length === 0 ? [] : [fieldTable(own, 'field')]),
    ...(sharedKeys.length === 0 ? [] : [`Shared fields: ${sharedKeys.map(code).join(', ')}.`]),
  ]
}

/**
 * The tables alone, for a section of a README: settings, the fields of each action, and at the end those that at least
 * three actions share.
 */
export function fieldSection(destination: DestinationManifest): string {
  const shared = sharedFields(destination)
  return joined([
    '### Settings',
    fieldTable(destination.settings, 'setting'),
    ...Object.entries(destination.actions).flatMap(([slug, action]) => shortSection(slug, action, shared)),
    ...(Object.keys(shared).length === 0 ? [] : ['### Shared fields', fieldTable(shared, 'field')]),
  ])
}
