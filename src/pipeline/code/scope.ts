import type { MappingNode } from '../mapping/node'
import { ownStep } from '../mapping/property-path'
import { isRiskyKey } from '../own-path'
import type { CodeWriter, Place } from './code-writer'

/** An expression for the prototype of a value: without a call where the runtime has `__proto__`. */
const prototypeOf = (value: string, writer: CodeWriter): string =>
  Object.hasOwn(Object.prototype, '__proto__')
    ? `${value}.__proto__`
    : `${writer.constant(Object.getPrototypeOf)}(${value})`

/** Whether a value that exists is an object as JSON makes them, in which a plain read finds own properties alone. */
export const isPlainObject = (value: string, writer: CodeWriter): string =>
  `${value} !== undefined && ${value} !== null && ${prototypeOf(value, writer)} === ${writer.constant(Object.prototype)}`

/** `resolve`: the value may share objects with the root; `produce`: it is a copy without undefined properties. */
export type How = 'resolve' | 'produce'

/** Writes the code of a part of a mapping. Gives a variable or a literal that holds its value. */
export type WriteValue = (node: MappingNode, scope: Scope, how: How) => string

type ScopeOptions = {
  readonly compatibility: boolean
  /** Whether the root is known to be an object as JSON makes them. */
  readonly isPlain: boolean
  readonly write: WriteValue
}

/** What paths start from: the event, or an item of a list. Each path is read once, where the scope begins. */
export class Scope {
  private readonly head: Place
  private readonly values = new Map<string, string>()
  private readonly plain = new Map<string, string>()

  constructor(
    readonly writer: CodeWriter,
    /** The variable of the root. */
    readonly root: string,
    private readonly options: ScopeOptions,
  ) {
    this.head = writer.place()
  }

  /** A variable that holds what the keys lead to, as `readerOf` reads it. */
  read(keys: readonly string[]): string {
    if (keys.length === 0) return this.root
    const id = JSON.stringify(keys)
    const known = this.values.get(id)
    if (known !== undefined) return known
    const holder = this.read(keys.slice(0, -1))
    const step = this.step(holder, keys.at(-1) as string)
    const name = this.writer.name()
    this.head.line(`const ${name} = ${step};`)
    this.values.set(id, name)
    return name
  }

  /** The value of a part of the mapping. */
  value(node: MappingNode, how: How): string {
    return this.options.write(node, this, how)
  }

  /** The scope of an item of a list. */
  inner(root: string): Scope {
    return new Scope(this.writer, root, { ...this.options, isPlain: false })
  }

  private step(holder: string, key: string): string {
    const quoted = JSON.stringify(key)
    if (this.options.compatibility) return `${holder} && ${holder}[${quoted}]`
    const exact = `${this.writer.constant(ownStep)}(${holder}, ${quoted})`
    if (isRiskyKey(key)) return exact
    if (holder === this.root && this.options.isPlain) return `${holder}[${quoted}]`
    return `${this.isPlain(holder)} ? ${holder}[${quoted}] : ${holder} && ${exact}`
  }

  private isPlain(holder: string): string {
    const known = this.plain.get(holder)
    if (known !== undefined) return known
    const name = this.writer.name()
    this.head.line(`const ${name} = ${isPlainObject(holder, this.writer)};`)
    this.plain.set(holder, name)
    return name
  }
}
