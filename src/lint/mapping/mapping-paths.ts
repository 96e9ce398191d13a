import { liquidVariables } from '../../pipeline/mapping/liquid'
import { keysOfPath } from '../../pipeline/mapping/property-path'
import { isDirective } from '../../pipeline/mapping/scope'
import { isObject } from '../../pipeline/mapping/type-name'
import type { Keys } from '../filter/condition-tree'

/** A path that a mapping reads. */
export type MappingPath = {
  /** From the event; an item of a list stands under `0`. */
  readonly keys: Keys
  /** As it is written. */
  readonly text: string
  /** Where in the mapping, key by key. */
  readonly place: Keys
  /** False within a list or a `@transform`, whose members no spec names. */
  readonly isOfEvent: boolean
}

type Root = { readonly prefix: Keys; readonly isOfEvent: boolean }

const eventRoot: Root = { prefix: [], isOfEvent: true }
const placeholder = /\{\{\{?([^}]+)\}?\}\}/g

/**
 * Every path that a mapping reads, as both modes take it: where they differ there are two. What a `@transform` reads of
 * its own intermediate result is left out.
 */
export const mappingPaths = (mapping: unknown, place: Keys = []): MappingPath[] =>
  read(mapping, place, eventRoot)

function read(value: unknown, place: Keys, root: Root): MappingPath[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => read(item, [...place, String(index)], root))
  if (!isObject(value)) return []
  if (!isDirective(value))
    return Object.entries(value).flatMap(([key, member]) => read(member, [...place, key], root))
  return Object.entries(value).flatMap(([name, options]) => directive(name, options, [...place, name], root))
}

function directive(name: string, options: unknown, place: Keys, root: Root): MappingPath[] {
  if (name === '@path' && typeof options === 'string') return pathsOf(options, place, root)
  if (name === '@path')
    return [
      ...textsIn(options).flatMap((text) => pathsOf(text, place, { ...root, isOfEvent: false })),
      ...read(options, place, root),
    ]
  if (name === '@template' && typeof options === 'string')
    return [...options.matchAll(placeholder)].flatMap(([, text = '']) => pathsOf(text.trim(), place, root))
  if (name === '@liquid' && typeof options === 'string')
    return variablesOf(options).flatMap((text) => pathsOf(text, place, root))
  if (name === '@arrayPath' && Array.isArray(options)) return arrayPath(options, place, root)
  if (name === '@transform' && isObject(options)) return read(options.apply, [...place, 'apply'], root)
  return read(options, place, root)
}

/** Texts that a directive may give as a path. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) || isObject(value) ? Object.values(value).flatMap(textsIn) : []
}

function arrayPath([list, shape]: readonly unknown[], place: Keys, root: Root): MappingPath[] {
  const listPlace = [...place, '0']
  const ofList = typeof list === 'string' ? pathsOf(list, listPlace, root) : read(list, listPlace, root)
  const [first] = ofList
  const inner: Root = { prefix: [...(first?.keys ?? []), '0'], isOfEvent: false }
  return first === undefined ? ofList : [...ofList, ...read(shape, [...place, '1'], inner)]
}

function pathsOf(text: string, place: Keys, { prefix, isOfEvent }: Root): MappingPath[] {
  const readings = [keysOfPath(text, false), keysOfPath(text, true)]
  const byText = new Map(readings.map((keys) => [JSON.stringify(keys), keys]))
  return [...byText.values()]
    .filter((keys) => keys.length > 0)
    .map((keys) => ({ keys: [...prefix, ...keys], text, place, isOfEvent }))
}

/** A template that cannot be read has no variables; that it cannot is another finding. */
function variablesOf(text: string): string[] {
  try {
    return liquidVariables(text)
  } catch {
    return []
  }
}
