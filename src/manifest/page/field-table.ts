import type { FieldManifest, FieldsManifest } from '../manifest'
import { code, mappingWords } from './mapping-words'
import { markdownTable } from './markdown-table'

const textTypes: readonly string[] = ['string', 'text', 'password']

function limitWords({ type, minimum, maximum }: FieldManifest): string {
  const unit = textTypes.includes(type) ? ' characters' : ''
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}${unit}`
  if (minimum !== undefined) return `at least ${minimum}${unit}`
  return maximum === undefined ? '' : `at most ${maximum}${unit}`
}

/** `string (email), list`, `integer, 1 to 100`. */
const typeWords = (field: FieldManifest): string =>
  [
    `${field.type}${field.format === undefined ? '' : ` (${field.format})`}`,
    field.multiple ? 'list' : '',
    field.allowNull ? 'or null' : '',
    limitWords(field),
  ]
    .filter((part) => part !== '')
    .join(', ')

type Condition = { fieldKey?: string; operator: string; value: unknown }

const conditionWords = ({ fieldKey, operator, value }: Condition): string => {
  const what = fieldKey === undefined ? 'the sync mode' : code(fieldKey)
  if (value === undefined) return `${what} is ${operator === 'is' ? 'absent' : 'there'}`
  const values = (Array.isArray(value) ? value : [value]).map((one) => code(String(one))).join(' or ')
  return `${what} is ${operator === 'is' ? '' : 'not '}${values}`
}

function requiredWords(required: FieldManifest['required']): string {
  if (required === undefined || required === true) return required === true ? 'yes' : ''
  const { match, conditions } = required as { match?: string; conditions: readonly Condition[] }
  return `if ${conditions.map(conditionWords).join(match === 'any' ? ' or ' : ' and ')}`
}

function choiceWords({ choices = [] }: FieldManifest): string {
  if (choices.length === 0) return ''
  const words = choices.map(({ value, label }) =>
    label === String(value) ? code(String(value)) : `${code(String(value))} (${label})`,
  )
  return ` One of ${words.join(', ')}.`
}

const sentence = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`)

function rowsOf(fields: FieldsManifest, parent: string): string[][] {
  return Object.entries(fields).flatMap(([key, field]) => [
    [
      code(`${parent}${key}`),
      typeWords(field),
      requiredWords(field.required),
      field.default === undefined ? '' : mappingWords(field.default),
      `**${field.label}**. ${sentence(field.description)}${choiceWords(field)}`,
    ],
    ...(field.properties === undefined
      ? []
      : rowsOf(field.properties, `${parent}${key}${field.multiple ? '[]' : ''}.`)),
  ])
}

/** Settings or fields as a table of Markdown: key, type, required, default in words, meaning and choices. */
export const fieldTable = (fields: FieldsManifest, head: string): string =>
  Object.keys(fields).length === 0
    ? 'None.'
    : markdownTable([head, 'type', 'required', 'default', 'meaning'], rowsOf(fields, ''))
