import type { CatalogDestination } from 'waybill/destinations'

type Described = {
  readonly type: string
  readonly label: string
  readonly description: string
  readonly required?: unknown
  readonly multiple?: boolean
  readonly default?: unknown
  readonly choices?: readonly unknown[] | undefined
}
type Fields = Readonly<Record<string, Described>>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A mapping in words: paths, and what is taken where they lead nowhere. */
function mappingText(value: unknown): string {
  if (value === undefined) return ''
  if (!isObject(value)) return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
  const condition = value['@if']
  if (isObject(condition)) return `${mappingText(condition.then)}, else ${mappingText(condition.else)}`
  const list = value['@arrayPath']
  if (Array.isArray(list)) return `each of \`${list[0]}\`:<br>${mappingText(list[1])}`
  const text = value['@path'] ?? value['@template']
  if (text !== undefined) return `\`${text}\``
  return Object.entries(value)
    .map(([member, mapping]) => `${member}: ${mappingText(mapping)}`)
    .join('<br>')
}

const choicesText = ({ choices }: Described): string =>
  choices === undefined
    ? ''
    : ` One of ${choices.map((choice) => `\`${isObject(choice) ? choice.value : choice}\``).join(', ')}.`

const row = ([key, field]: [string, Described]): string =>
  `| \`${key}\` | ${field.type}${field.multiple ? ', list' : ''} | ${field.required === true ? 'yes' : ''} | ${mappingText(field.default)} | ${field.description}${choicesText(field)} |`

const table = (fields: Fields): string =>
  [
    '| field | type | required | default | meaning |',
    '|---|---|---|---|---|',
    ...Object.entries(fields).map(row),
  ].join('\n')

/** Fields that the given number of actions have in the same words and with the same default. */
function sharedFields(actions: readonly Fields[], atLeast: number): Fields {
  const all = actions.flatMap((fields) => Object.entries(fields))
  const counted = all.filter(
    ([key, field]) =>
      actions.filter((fields) => JSON.stringify(fields[key]) === JSON.stringify(field)).length >= atLeast,
  )
  return Object.fromEntries(counted)
}

/** Settings and fields of a destination as Markdown; what at least three actions share is told once, at the end. */
export function fieldTables({ authentication, actions }: CatalogDestination): string {
  const all = Object.values(actions).map(({ fields }) => (fields ?? {}) as Fields)
  const shared = sharedFields(all, 3)
  const sections = Object.entries(actions).map(([slug, { title, description, fields = {} }]) => {
    const entries = Object.entries(fields as Fields)
    const isShared = ([key, field]: [string, Described]) =>
      JSON.stringify(shared[key]) === JSON.stringify(field)
    const others = entries.filter(isShared).map(([key]) => `\`${key}\``)
    const own = Object.fromEntries(entries.filter((entry) => !isShared(entry)))
    return [
      `### ${title} (\`${slug}\`)`,
      description,
      ...(Object.keys(own).length === 0 ? [] : [table(own)]),
      ...(others.length === 0 ? [] : [`Shared fields: ${others.join(', ')}.`]),
    ].join('\n\n')
  })
  return [
    `### Settings\n\n${table((authentication?.fields ?? {}) as Fields)}`,
    ...sections,
    `### Shared fields\n\n${table(shared)}`,
  ].join('\n\n')
}
