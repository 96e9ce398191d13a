import { maxNesting, nestsDeeperThan } from '../../../nesting'
import { nestedTooDeep } from '../copy-defined'
import { MappingError } from '../mapping-error'
import { constantNode, directiveNode, type MappingNode } from '../node'
import { compatiblePathKeys, pathKeys, type ReadPath, readerOf } from '../property-path'
import type { ParseDirective } from '../scope'
import { typeName } from '../type-name'
import { ifNode } from './choice'

type Part = string | readonly string[]

/**
 * Cuts a text at placeholders of so many braces around a path that holds no `}`. One pass: the time it takes grows with
 * the length of the text alone, which an event may have made up.
 */
function cut(text: string, braces: 2 | 3, keysOf: (path: string) => string[]): Part[] {
  const [opening, closing] = ['{'.repeat(braces), '}'.repeat(braces)]
  const parts: Part[] = []
  let done = 0
  for (let start = text.indexOf(opening); start >= 0; ) {
    const end = text.indexOf('}', start + braces)
    if (end < 0) break
    if (end > start + braces && text.startsWith(closing, end)) {
      parts.push(text.slice(done, start), keysOf(text.slice(start + braces, end).trim()))
      done = end + braces
      start = text.indexOf(opening, done)
    } else start = text.indexOf(opening, end + 1)
  }
  return [...parts, text.slice(done)]
}

/**
 * The fixed and the variable parts of a template. Three braces are found before two, as the reference does; but the
 * values put in are never searched for placeholders again.
 */
function templateParts(text: string, compatibility: boolean): Part[] {
  const keysOf = compatibility ? compatiblePathKeys : pathKeys
  return cut(text, 3, keysOf)
    .flatMap((part) => (typeof part === 'string' ? cut(part, 2, keysOf) : [part]))
    .filter((part) => part !== '')
}

/** A value as a template of the reference shows it: throws for an object that has no text. */
const compatibleText = (value: unknown): string => `${value ?? ''}`

/** A value as a template shows it. An event cannot make it throw by a property called `toString`. */
function shownText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return String(value)
  try {
    return String(value)
  } catch {
    if (nestsDeeperThan(value, maxNesting)) throw nestedTooDeep()
    return Array.isArray(value) ? value.map(shownText).join(',') : Object.prototype.toString.call(value)
  }
}

function textNode(text: string, compatibility: boolean): MappingNode {
  const parts = templateParts(text, compatibility)
  if (parts.every((part) => typeof part === 'string')) return constantNode(text)
  const resolve = textRenderer(parts, compatibility)
  const show = compatibility ? compatibleText : shownText
  return { kind: 'template', parts, show, resolve, produce: resolve, canThrow: compatibility }
}

function textRenderer(parts: readonly Part[], compatibility: boolean): (root: unknown) => string {
  const readers: readonly (string | ReadPath)[] = parts.map((part) =>
    typeof part === 'string' ? part : readerOf(part, compatibility),
  )
  const show = compatibility ? compatibleText : shownText
  return (given) => {
    const root = given === undefined ? {} : given
    let result = ''
    for (const part of readers) result += typeof part === 'string' ? part : show(part(root))
    return result
  }
}

/** Puts the values of a root into a text as the reference does. */
export const renderCompatible = (text: string, root: unknown): string =>
  textRenderer(templateParts(text, true), true)(root)

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
    (root) => renderCompatible(expectText(node.resolve(root)), root),
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
