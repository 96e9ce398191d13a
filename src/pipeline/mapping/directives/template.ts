import { MappingError } from '../mapping-error'
import { constantNode, directiveNode, type MappingNode } from '../node'
import { pathKeys, type ReadPath, readerOf } from '../property-path'
import type { ParseDirective } from '../scope'
import { typeName } from '../type-name'
import { ifNode } from './choice'

const three = /\{\{\{([^}]+)\}\}\}/
const two = /\{\{([^}]+)\}\}/

type Part = string | readonly string[]

/** Cuts a text at placeholders; every second piece is a placeholder's path. */
const cut = (text: string, placeholder: RegExp): Part[] =>
  text.split(placeholder).map((piece, index) => (index % 2 === 0 ? piece : pathKeys(piece.trim())))

/**
 * The fixed and the variable parts of a template. Three braces are found before two, as the reference does; but the
 * values put in are never searched for placeholders again.
 */
export const templateParts = (text: string): Part[] =>
  cut(text, three)
    .flatMap((part) => (typeof part === 'string' ? cut(part, two) : [part]))
    .filter((part) => part !== '')

/** A value as a template shows it. An event cannot make it throw by a member called `toString`. */
export function shownText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return String(value)
  try {
    return String(value)
  } catch {
    return Array.isArray(value) ? value.map(shownText).join(',') : Object.prototype.toString.call(value)
  }
}

function textNode(text: string, compatibility: boolean): MappingNode {
  const parts = templateParts(text)
  if (parts.every((part) => typeof part === 'string')) return constantNode(text)
  const readers: readonly (string | ReadPath)[] = parts.map((part) =>
    typeof part === 'string' ? part : readerOf(part, compatibility),
  )
  const resolve = (given: unknown): string => {
    const root = given === undefined ? {} : given
    let result = ''
    for (const part of readers) result += typeof part === 'string' ? part : shownText(part(root))
    return result
  }
  return { kind: 'template', parts, resolve, produce: resolve, canThrow: false }
}

/** Text with `{{paths}}`; nothing is escaped, missing values are empty, the result is always a text. */
export const parseTemplate: ParseDirective = (value, scope) => {
  const node = scope.parse(value)
  return scope.compatibility ? renderedNode(node) : templateNode(node)
}

/** The reference renders whatever text comes out, so that an event may hold the template. */
function renderedNode(node: MappingNode): MappingNode {
  if (node.kind === 'constant' && typeof node.value === 'string') return textNode(node.value, true)
  return directiveNode(
    '@template',
    [node],
    (root) => textNode(expectText(node.resolve(root)), true).resolve(root),
    {
      canThrow: true,
      gives: 'scalars',
    },
  )
}

/** A template may be chosen among texts of the mapping; a text of the event is taken as it is. */
function templateNode(node: MappingNode): MappingNode {
  if (node.kind === 'constant' && typeof node.value === 'string') return textNode(node.value, false)
  if (node.kind === 'if')
    return ifNode(
      node.test,
      node.value,
      templateNode(node.then ?? constantNode(undefined)),
      templateNode(node.otherwise ?? constantNode(undefined)),
    )
  return directiveNode('@template', [node], (root) => expectText(node.resolve(root)), {
    canThrow: true,
    gives: 'scalars',
  })
}

function expectText(value: unknown): string {
  if (typeof value === 'string') return value
  throw new MappingError(`@template: expected string, got ${typeName(value)}`)
}
