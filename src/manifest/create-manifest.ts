import type { ActionDefinition } from '@segment/actions-core'
import { type Connection, checkDefinition, DefinitionError } from 'waybill'
import { describeChoices, describeFields, flag, present } from './describe-fields'
import type { ActionManifest, DestinationManifest, Manifest, PresetManifest } from './manifest'

/** A destination by `defineDestination`, or one of the reference. */
export type Definition = Connection['destination']

function describeAction(action: ActionDefinition<unknown>): ActionManifest {
  const { title, description, defaultSubscription, syncMode } = action
  return present({
    title,
    description,
    defaultSubscription,
    batch: flag(action.performBatch),
    hidden: flag(action.hidden),
    syncMode: syncMode && { default: syncMode.default, choices: describeChoices(syncMode.choices) },
    fields: describeFields(action.fields),
  }) as ActionManifest
}

function describePreset(preset: NonNullable<Definition['presets']>[number]): PresetManifest {
  return present({
    name: preset.name ?? preset.partnerAction,
    type: preset.type,
    action: preset.partnerAction,
    filter: 'eventSlug' in preset ? preset.eventSlug : preset.subscribe,
    mapping: preset.mapping,
  }) as PresetManifest
}

const describeActions = (actions: Definition['actions']): DestinationManifest['actions'] =>
  Object.fromEntries(Object.entries(actions).map(([slug, action]) => [slug, describeAction(action)]))

/**
 * Everything about a destination that is data: settings, presets, actions and their fields.
 * @throws DefinitionError INVALID_DEFINITION.
 */
export function describeDestination(definition: Definition): DestinationManifest {
  checkDefinition(definition)
  const { authentication } = definition
  const description = present({
    name: definition.name,
    description: definition.description,
    integrationNames: definition.integrationNames,
    authentication: authentication?.scheme ?? 'none',
    ordering: definition.ordering === 'user' ? 'user' : undefined,
    idempotent: flag(definition.idempotent),
    limits: definition.limits,
    testsAuthentication: flag(authentication && 'testAuthentication' in authentication),
    deletesUsers: flag(definition.onDelete),
    settings: describeFields(authentication?.fields),
    presets: (definition.presets ?? []).map(describePreset),
    actions: describeActions(definition.actions),
  })
  // What is not JSON, such as an undefined member of a default, must not tell a manifest from its own file.
  return JSON.parse(JSON.stringify(description)) as DestinationManifest
}

/** The slug of a definition, which those of the reference may lack: then it is made of the name. */
export const slugOf = ({ slug, name }: Definition): string =>
  slug ??
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

/**
 * The manifest of some destinations, in the order of their slugs.
 * @throws DefinitionError INVALID_DEFINITION, also when two have the same slug.
 */
export function createManifest(definitions: readonly Definition[]): Manifest {
  const described = definitions
    .map((definition) => {
      const destination = describeDestination(definition)
      return [slugOf(definition), destination] as const
    })
    .sort(([one], [other]) => (one < other ? -1 : 1))
  const slugs = described.map(([slug]) => slug)
  const twice = slugs.find((slug, index) => slugs.indexOf(slug) !== index)
  if (twice !== undefined)
    throw new DefinitionError('INVALID_DEFINITION', `two destinations have the slug "${twice}"`)
  return { version: 1, destinations: Object.fromEntries(described) }
}

/** The text of a manifest's file. */
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, undefined, 2)}\n`
