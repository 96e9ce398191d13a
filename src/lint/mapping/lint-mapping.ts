import { isWaybillError } from '../../errors'
import { didYouMean } from '../../nearest'
import { compileMapping, rootDirectiveKey } from '../../pipeline/mapping/compile-mapping'
import { mistakePath } from '../../pipeline/mapping/mapping-error'
import { pathMistake } from '../../pipeline/mapping/property-path'
import { isDirective } from '../../pipeline/mapping/scope'
import { isObject } from '../../pipeline/mapping/type-name'
import { isReservedKey } from '../../pipeline/prepare'
import { pathProblem } from '../event-spec'
import type { Report } from '../finding'
import { compareMapping, type MappingDifference } from './compare-mapping'
import { fitProblem } from './fit-field'
import { type MappingPath, mappingPaths } from './mapping-paths'
import { unusedOptions } from './unused-options'

type Fields = Readonly<Record<string, unknown>>

/** Reports what is wrong with the values of a mapping, apart from fields that it leaves out. */
export function lintMapping(mapping: unknown, fields: Fields, path: string, report: Report): void {
  if (!isObject(mapping)) {
    report('invalid-mapping', path, 'give an object of values by field')
    return
  }
  for (const { place, name, known } of unusedOptions(mapping))
    report(
      'unused-option',
      mistakePath(path, place),
      `the directive does not read "${name}"${didYouMean(name, known) || `; it reads ${known.join(', ')}`}`,
    )
  if (!isReadable(mapping, path, report)) return
  lintKeys(mapping, fields, path, report)
  lintPaths(mapping, path, report)
  for (const difference of compareMapping(mapping))
    report(
      'mapping-differs',
      mistakePath(path, difference.place),
      differenceText(difference),
      difference.witness,
    )
}

function isReadable(mapping: Fields, path: string, report: Report): boolean {
  try {
    compileMapping(mapping, { path })
    return true
  } catch (error) {
    if (!isWaybillError(error)) throw error
    for (const problem of error.problems) report('invalid-mapping', problem.path || path, problem.message)
    return false
  }
}

/** A mapping that is a directive itself, or has one for its root, gives keys that are only known later. */
export const hasOpenKeys = (mapping: Fields): boolean =>
  isDirective(mapping) || Object.hasOwn(mapping, rootDirectiveKey)

function lintKeys(mapping: Fields, fields: Fields, path: string, report: Report): void {
  const names = Object.keys(fields)
  if (hasOpenKeys(mapping) || names.length === 0) return
  for (const [key, value] of Object.entries(mapping)) {
    if (Object.hasOwn(fields, key)) {
      const problem = fitProblem(key, fields[key], value)
      if (problem !== undefined) report('mapping-never-fits', `${path}.${key}`, problem)
    } else if (!isReservedKey(key)) report('unknown-field', `${path}.${key}`, noSuchField(key, names))
    if (key === 'batch_keys' && Array.isArray(value))
      for (const [index, name] of value.entries())
        if (typeof name === 'string' && !Object.hasOwn(fields, name))
          report('unknown-field', `${path}.batch_keys[${index}]`, noSuchField(name, names))
  }
}

const noSuchField = (name: string, names: readonly string[]): string =>
  `the action has no field "${name}"${didYouMean(name, names) || `; there are ${names.join(', ')}`}`

/** A value that reads the right spelling as well reads the other one on purpose. */
function lintPaths(mapping: Fields, path: string, report: Report): void {
  for (const paths of pathsByValue(mapping)) {
    for (const { text, place } of paths) {
      const mistake = pathMistake(text)
      if (mistake !== undefined) report('unmatched-path', mistakePath(path, place), mistake)
    }
    const read = new Set(paths.map(({ keys }) => keys.join('.')))
    for (const { keys, place, isOfEvent } of paths) {
      const problem = isOfEvent ? pathProblem(keys) : undefined
      if (problem === undefined || (problem.meant !== undefined && read.has(problem.meant.join('.'))))
        continue
      report('unknown-path', mistakePath(path, place), problem.message)
    }
  }
}

/** Under a root directive the other values read from what it gives. */
function pathsByValue(mapping: Fields): MappingPath[][] {
  if (isDirective(mapping)) return [mappingPaths(mapping)]
  const entries = Object.entries(mapping)
  const root = entries.filter(([key]) => key === rootDirectiveKey)
  return (root.length > 0 ? root : entries).map(([key, value]) => mappingPaths(value, [key]))
}

function differenceText({ witness, byDefault, compatible }: MappingDifference): string {
  if (witness === undefined) return `compatibility mode cannot use it: ${compatible}`
  return `for ${JSON.stringify(witness)} it gives ${byDefault} by default and ${compatible} in compatibility mode; write it so that both agree, or settle for one mode`
}
