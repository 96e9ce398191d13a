import { maxNesting } from '../../nesting'
import type { Comparator } from './expression'

const bothNumbers =
  (compare: (left: number, right: number) => boolean) =>
  (left: unknown, right: unknown): boolean =>
    typeof left === 'number' && typeof right === 'number' && compare(left, right)

/** The comparisons of FQL on values that are already read. A missing value is null. */
export const comparisons: Readonly<Record<Comparator, (left: unknown, right: unknown) => boolean>> = {
  '=': (left, right) => isEqual(left, right),
  '!=': (left, right) => !isEqual(left, right),
  '<': bothNumbers((left, right) => left < right),
  '<=': bothNumbers((left, right) => left <= right),
  '>': bothNumbers((left, right) => left > right),
  '>=': bothNumbers((left, right) => left >= right),
  in: (left, right) => Array.isArray(right) && right.includes(left),
}

/** Strictly, and lists item by item; objects are never equal, nor are lists that nest deeper than 1,000 levels. */
function isEqual(left: unknown, right: unknown, level = 0): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return (
      level < maxNesting &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index], level + 1))
    )
  return left === right && (typeof left !== 'object' || left === null)
}
