import type {
  ArrayPathDirective,
  CaseDirective,
  Directive,
  ExcludeWhenNullDirective,
  FieldValue,
  FlattenDirective,
  IfDirective,
  JSONDirective,
  LiquidDirective,
  LiteralDirective,
  MergeDirective,
  PathDirective,
  ReplaceDirective,
  TemplateDirective,
  TransformDirective,
} from '@segment/actions-core/mapping-kit/value-keys'
import { getLiquidKeys } from './liquid-directive'

export type {
  ArrayPathDirective,
  CaseDirective,
  Directive,
  DirectiveMetadata,
  ExcludeWhenNullDirective,
  FieldValue,
  FlattenDirective,
  IfDirective,
  JSONDirective,
  LiquidDirective,
  LiteralDirective,
  MergeDirective,
  PathDirective,
  PrimitiveValue,
  ReplaceDirective,
  TemplateDirective,
  TransformDirective,
} from '@segment/actions-core/mapping-kit/value-keys'

const names = new Set([
  '@if',
  '@path',
  '@template',
  '@literal',
  '@arrayPath',
  '@case',
  '@replace',
  '@json',
  '@flatten',
  '@merge',
  '@transform',
  '@excludeWhenNull',
  '@liquid',
])

type Container = Record<string, FieldValue>

const isContainer = (value: unknown): value is Container => value !== null && typeof value === 'object'

/** Whether a value has a key that names a directive. */
export function isDirective(value: FieldValue): value is Directive {
  return isContainer(value) && Object.keys(value).some((key) => names.has(key))
}

/** Recognizes one directive, whose options hold the given properties. */
function recognize<D extends Directive>(name: string, ...members: readonly string[]) {
  return (value: FieldValue): value is D => {
    if (!isDirective(value) || !(name in value)) return false
    if (members.length === 0) return true
    const options = (value as unknown as Container)[name]
    return isContainer(options) && members.every((member) => member in options)
  }
}

export const isLiteralDirective = recognize<LiteralDirective>('@literal')
export const isTemplateDirective = recognize<TemplateDirective>('@template')
export const isPathDirective = recognize<PathDirective>('@path')
export const isExcludeWhenNullDirective = recognize<ExcludeWhenNullDirective>('@excludeWhenNull')
export const isCaseDirective = recognize<CaseDirective>('@case', 'operator')
export const isReplaceDirective = recognize<ReplaceDirective>('@replace', 'pattern')
export const isJSONDirective = recognize<JSONDirective>('@json', 'value')
export const isFlattenDirective = recognize<FlattenDirective>('@flatten', 'value')
export const isMergeDirective = recognize<MergeDirective>('@merge', 'objects')
export const isTransformDirective = recognize<TransformDirective>('@transform', 'apply', 'mapping')

const hasExists = recognize<IfDirective>('@if', 'exists')
const hasBlank = recognize<IfDirective>('@if', 'blank')

/** Whether a value is `@if` with one of its conditions. */
export function isIfDirective(value: FieldValue): value is IfDirective {
  return hasExists(value) || hasBlank(value)
}

/** Whether a value is `@arrayPath` with a list. */
export function isArrayPathDirective(value: FieldValue): value is ArrayPathDirective {
  return isDirective(value) && '@arrayPath' in value && Array.isArray(value['@arrayPath'])
}

/** Whether a value is `@liquid` with a text. */
export function isLiquidDirective(value: FieldValue): value is LiquidDirective {
  return isDirective(value) && '@liquid' in value && typeof value['@liquid'] === 'string'
}

/** The text of a template; any other value as it is. */
export function getFieldValue(value: FieldValue): unknown {
  return isTemplateDirective(value) ? value['@template'] : value
}

/** The paths that a mapping's value reads from the event. */
export function getFieldValueKeys(value: FieldValue): string[] {
  if (isDirective(value)) return keysOfDirective(value).filter((key) => key)
  return isContainer(value) ? Object.values(value).flatMap(getFieldValueKeys) : []
}

/** `@merge` and `@transform` give none, as in the reference. */
function keysOfDirective(value: Directive): string[] {
  if (isArrayPathDirective(value)) return value['@arrayPath'].flatMap((part) => getRawKeys(part))
  if (isCaseDirective(value)) return getRawKeys(value['@case'].value)
  if (isIfDirective(value)) {
    const { blank, exists, then, else: otherwise } = value['@if']
    return [blank, exists, then, otherwise].flatMap(getRawKeys)
  }
  if (isLiteralDirective(value)) return []
  if (isPathDirective(value)) return [value['@path']]
  if (isReplaceDirective(value)) return getRawKeys(value['@replace'].value)
  if (isTemplateDirective(value)) return getTemplateKeys(value['@template'])
  if (isJSONDirective(value)) return getRawKeys(value['@json'].value)
  if (isFlattenDirective(value)) return getRawKeys(value['@flatten'].value)
  if (isExcludeWhenNullDirective(value)) return []
  return isLiquidDirective(value) ? getLiquidKeys(value['@liquid']) : []
}

/** The paths inside a part of a directive; a text alone reads none. */
export function getRawKeys(input: FieldValue): string[] {
  return isContainer(input) ? getFieldValueKeys(input) : []
}

/** The paths between double braces. */
export function getTemplateKeys(input: string): string[] {
  return Array.from(input.matchAll(/\{\{(.*?)\}\}/g), (match) => match[1] as string)
}
