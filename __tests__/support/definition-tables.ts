import { readFileSync, writeFileSync } from 'node:fs'
import type { CatalogDestination } from 'waybill/destinations'

type Field = {
  readonly type: string
  readonly label: string
  readonly description?: string
  readonly required?: unknown
  readonly default?: unknown
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const codeOf = (value: unknown): string => {
  const path = (value as { '@path'?: unknown } | null | undefined)?.['@path']
  return value === undefined ? '' : `\`${typeof path === 'string' ? path : JSON.stringify(value)}\``
}

function fieldTable(head: string, fields: Readonly<Record<string, Field>>): string {
  const rows = Object.entries(fields).map(([key, field]) =>
    [
      `\`${key}\``,
      field.type,
      field.required === true ? 'yes' : '',
      codeOf(field.default),
      cell(`**${field.label}.** ${field.description ?? ''}`),
    ].join(' | '),
  )
  return [
    `| ${head} | type | required | default | meaning |`,
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

/** The settings, presets and fields of a destination as Markdown. */
export function definitionTables({ authentication, presets = [], actions }: CatalogDestination): string {
  const presetRows = presets.map(
    ({ name, partnerAction, ...preset }) =>
      `| ${name} | \`${partnerAction}\` | \`${'subscribe' in preset ? preset.subscribe : ''}\` |`,
  )
  return [
    fieldTable('setting', (authentication?.fields ?? {}) as Record<string, Field>),
    ['| preset | action | filter |', '|---|---|---|', ...presetRows].join('\n'),
    ...Object.entries(actions).map(
      ([slug, { title, description, fields = {} }]) =>
        `### ${title} (\`${slug}\`)\n\n${description}\n\n${fieldTable('field', fields as Record<string, Field>)}`,
    ),
  ].join('\n\n')
}

const marked = /(<!-- waybill:fields -->\n)[\s\S]*?(<!-- \/waybill:fields -->)/

/**
 * What stands between the marks of a page, and what the definition says. `WAYBILL_UPDATE=1` writes the latter into the
 * page first.
 */
export function tablesOf(page: string, destination: CatalogDestination) {
  const expected = definitionTables(destination)
  const text = readFileSync(page, 'utf8')
  if (process.env.WAYBILL_UPDATE)
    writeFileSync(
      page,
      text.replace(marked, (_all, begin: string, end: string) => `${begin}${expected}\n${end}`),
    )
  const stated = marked.exec(readFileSync(page, 'utf8'))?.[0] ?? ''
  return { stated: stated.split('\n').slice(1, -1).join('\n'), expected }
}
