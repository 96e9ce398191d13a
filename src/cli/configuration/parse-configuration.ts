import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { largeNumberKind } from '../../large-numbers'
import { isNestedTooDeep, nestingProblem } from '../input/nesting'
import type { Problem } from './problems'

/** A place in a text, both counted from 1. */
export type TextPosition = { readonly line: number; readonly column: number }

/** A configuration file as it was read. */
export type ParsedConfiguration = {
  /** Undefined where nothing of the text can be read. */
  readonly content: unknown
  /** What is no JSON, and what stands there twice. */
  readonly problems: readonly Problem[]
  /** Where the value of a path such as `connections[0].settings.apiKey` stands, or the innermost part that is there. */
  locate(path: string): TextPosition | undefined
}

/** The parser's names of its codes, in words, with what to do. Nothing of the text is quoted: it may hold secrets. */
const syntaxMessages: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON value; put strings between double quotes',
  InvalidNumberFormat: 'this is no number of JSON',
  PropertyNameExpected: 'the name of a property, between double quotes, is missing here',
  ValueExpected: 'a value is missing here',
  ColonExpected: 'a ":" is missing here',
  CommaExpected: 'a "," is missing here',
  CloseBraceExpected: 'a "}" is missing here',
  CloseBracketExpected: 'a "]" is missing here',
  EndOfFileExpected: 'the file should end here; one object is all it holds',
  UnexpectedEndOfComment: 'a comment begins here and does not end; write "*/"',
  UnexpectedEndOfString: 'a string begins here and does not end; write a closing quote',
  UnexpectedEndOfNumber: 'a number breaks off here',
  InvalidUnicode: 'this is no escape of JSON; write \\u and four hexadecimal digits',
  InvalidEscapeCharacter: 'this is no escape of JSON; write "\\\\" for a backslash',
  InvalidCharacter: 'this character has to be escaped inside a string',
}

/** Reads JSON with comments and trailing commas, and finds all mistakes in one pass. */
export function parseConfiguration(text: string): ParsedConfiguration {
  const source = text.replace(/^\uFEFF/, '')
  const positionAt = positions(source)
  if (isNestedTooDeep(source))
    return {
      content: undefined,
      problems: [{ path: '', message: nestingProblem }],
      locate: () => undefined,
    }
  const errors: ParseError[] = []
  const tree = parseTree(source, errors, { allowTrailingComma: true })
  const syntax = errors.map(({ error, offset }) => ({
    path: '',
    message: syntaxMessages[printParseErrorCode(error)] ?? 'this is no JSON',
    position: positionAt(offset),
  }))
  if (source.trim() === '') syntax.splice(0, syntax.length, emptyFile)
  return {
    content: tree === undefined ? undefined : getNodeValue(tree),
    problems: tree === undefined ? syntax : [...syntax, ...mistakes(tree, source, positionAt)],
    locate: (path) => (tree === undefined ? undefined : positionAt(innermost(tree, path).offset)),
  }
}

const emptyFile = {
  path: '',
  message: 'is empty; "npx waybill init" writes a first one',
  position: { line: 1, column: 1 },
}

/** From an offset to line and column. */
function positions(text: string): (offset: number) => TextPosition {
  return (offset) => {
    const before = text.slice(0, offset)
    return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
  }
}

/**
 * What JSON takes silently, and is not what its author thinks: of two equal names it takes the last, and of large
 * numbers the nearest that it can hold.
 */
function mistakes(root: Node, source: string, positionAt: (offset: number) => TextPosition): Problem[] {
  const found: Problem[] = []
  const open: { readonly node: Node; readonly path: string }[] = [{ node: root, path: '' }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next
    if (node.type === 'array')
      for (const [index, item] of (node.children ?? []).entries())
        open.push({ node: item, path: `${path}[${index}]` })
    if (
      node.type === 'number' &&
      largeNumberKind(source.slice(node.offset, node.offset + node.length)) !== undefined
    )
      found.push({
        path,
        message:
          'is a number that JavaScript would change, since it has too many digits; write it as a string',
        position: positionAt(node.offset),
      })
    if (node.type !== 'object') continue
    const seen = new Set<string>()
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? []
      const name = String(key?.value)
      const at = path === '' ? name : `${path}.${name}`
      if (seen.has(name))
        found.push({
          path: at,
          message: 'is given twice; remove one of them',
          position: positionAt(property.offset),
        })
      seen.add(name)
      if (value !== undefined) open.push({ node: value, path: at })
    }
  }
  return found
}

/** Names of properties may hold dots and brackets: at each object the longest name that fits is taken. */
function innermost(root: Node, path: string): Node {
  let node = root
  let rest = path
  while (rest !== '') {
    const index = /^\[(\d+)\]\.?/.exec(rest)
    if (node.type === 'array' && index !== null) {
      const item = findNodeAtLocation(node, [Number(index[1])])
      if (item === undefined) return node
      node = item
      rest = rest.slice(index[0].length)
      continue
    }
    const names = (node.type === 'object' ? (node.children ?? []) : [])
      .map((property) => String(property.children?.[0]?.value))
      .filter((name) => rest === name || rest.startsWith(`${name}.`) || rest.startsWith(`${name}[`))
      .sort((one, other) => other.length - one.length)
    const [name] = names
    const value = name === undefined ? undefined : findNodeAtLocation(node, [name])
    if (name === undefined || value === undefined) return node
    node = value
    rest = rest.slice(name.length).replace(/^\./, '')
  }
  return node
}
