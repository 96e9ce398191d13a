import { join } from 'node:path'
import { type CatalogDestination, listDestinations, loadDestination } from 'waybill/destinations'
import { type CatalogEntry, catalogOf } from '../configuration/catalog'
import { findDestination } from '../configuration/find-destination'
import { importModule } from '../configuration/import-module'
import { plural } from '../report/format'
import { formatTable } from '../report/table'
import type { Terminal } from '../terminal'

type Action = CatalogDestination['actions'][string]
type Field = NonNullable<Action['fields']>[string]
type SettingField = NonNullable<NonNullable<CatalogDestination['authentication']>['fields']>[string]

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const longestValue = 50

const longestFilter = 100

const shorten = (text: string, longest = longestValue) =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text

/** Whether a value stands for itself where it is there; `firstOf` tests a path by the text of its value. */
const isTestOf = (tested: unknown, value: unknown): boolean =>
  JSON.stringify(tested) === JSON.stringify(value) ||
  (isObject(tested) && `{{${defaultText(value).slice(2)}}}` === tested['@template'])

/** A default in short: a path as the path, anything else as JSON. */
function defaultText(value: unknown): string {
  if (value === undefined) return ''
  if (isObject(value) && Object.keys(value).length === 1) {
    if (typeof value['@path'] === 'string') return value['@path']
    if (typeof value['@template'] === 'string') return shorten(value['@template'])
    const condition = value['@if']
    const tested = isObject(condition) ? (condition.exists ?? condition.blank) : undefined
    if (isObject(condition) && isTestOf(tested, condition.then))
      return shorten(`${defaultText(condition.then)}, else ${defaultText(condition.else) || 'nothing'}`)
  }
  if (isObject(value) && Object.keys(value).every((key) => !key.startsWith('@')))
    return shorten(`{ ${Object.keys(value).join(', ')} }`)
  return shorten(JSON.stringify(value))
}

const requiredText = (required: unknown) =>
  required === true ? 'yes' : isObject(required) ? 'sometimes' : ''

const choicesText = (choices: SettingField['choices'] | Field['choices']) =>
  choices === undefined
    ? ''
    : shorten(choices.map((choice) => (typeof choice === 'object' ? choice.value : choice)).join(', '))

const typeText = (field: SettingField | Field) => {
  const list = 'multiple' in field && field.multiple ? ' list' : ''
  const choices = choicesText(field.choices)
  return `${field.type}${list}${choices === '' ? '' : `: ${choices}`}`
}

const fieldRows = (fields: Readonly<Record<string, SettingField | Field>>) =>
  Object.entries(fields).map(([key, field]) => [
    key,
    typeText(field),
    requiredText(field.required),
    defaultText(field.default),
    field.label,
  ])

const indent = (text: string) => text.replace(/^(?=.)/gm, '  ')

const section = (title: string, body: string) => `\n${title}\n\n${indent(body)}\n`

const fieldTable = (fields: Readonly<Record<string, SettingField | Field>>) =>
  Object.keys(fields).length === 0
    ? 'none'
    : formatTable([['key', 'type', 'required', 'default', 'label'], ...fieldRows(fields)])

function presetTable({ presets = [] }: CatalogDestination): string {
  if (presets.length === 0) return 'none'
  const rows = presets.map((preset) => [
    preset.name ?? '',
    preset.partnerAction,
    'eventSlug' in preset ? `event ${preset.eventSlug}` : shorten(preset.subscribe, longestFilter),
  ])
  return formatTable([['name', 'action', 'filter'], ...rows])
}

function actionText(slug: string, action: Action): string {
  const lines = [
    action.description,
    ...(action.performBatch === undefined ? [] : ['Can be sent in batches.']),
  ]
  return section(
    `Action ${slug}: ${action.title}`,
    `${lines.join('\n')}\n\n${fieldTable(action.fields ?? {})}`,
  )
}

/** Everything that a person has to know to write a connection for a destination. */
export function describeDestination(destination: CatalogDestination): string {
  const { name, slug, description = '', authentication, actions } = destination
  return [
    `${name} (${slug})\n${description}\n`,
    section('Settings', fieldTable(authentication?.fields ?? {})),
    section('Presets: what "subscriptions": "presets" turns on', presetTable(destination)),
    ...Object.entries(actions).map(([actionSlug, action]) => actionText(actionSlug, action)),
  ].join('')
}

function overview(): string {
  const rows = listDestinations().map((slug) => {
    const { name, actions, description = '' } = loadDestination(slug)
    return [slug, name, plural(Object.keys(actions).length, 'action'), description]
  })
  return `${formatTable([['slug', 'name', 'actions', 'description'], ...rows])}\n\nwaybill destinations SLUG shows settings, presets, actions and fields.\n`
}

/** The destinations of a package that holds many. */
function packageOverview(catalog: readonly CatalogEntry[], specifier: string): string {
  const rows = catalog
    .map(({ id, names, definition }) => [
      names[0] ?? id,
      definition.name,
      plural(Object.keys(definition.actions).length, 'action'),
      definition.mode,
      id,
    ])
    .sort(([one = ''], [other = '']) => (one < other ? -1 : 1))
  return `${formatTable([['slug', 'name', 'actions', 'mode', 'id'], ...rows])}\n\nwaybill destinations ${specifier}#SLUG shows settings, presets, actions and fields; "${specifier}#SLUG" is the destination of a connection.\n`
}

/** One destination by its name, or the list of those that a package holds. */
async function describe(name: string, terminal: Terminal): Promise<string> {
  const here = join(terminal.workingDirectory, 'destinations')
  if (!name.includes('#') && /^[./@]/.test(name)) {
    const catalog = catalogOf(await importModule(name, here))
    if (catalog !== undefined) return packageOverview(catalog, name)
  }
  return describeDestination((await findDestination(name, here)) as CatalogDestination)
}

/**
 * `waybill destinations [name]`: the catalog, one destination of it or from elsewhere, or the list of a package that
 * holds many. Gives the exit code.
 * @throws ConfigurationError UNKNOWN_DESTINATION, with the names that exist.
 */
export async function destinationsCommand(name: string | undefined, terminal: Terminal): Promise<number> {
  await terminal.stdout.write(name === undefined ? overview() : await describe(name, terminal))
  return 0
}
