import type { FunctionName } from './expression'
import { matchesReadPattern } from './glob'

/** The functions of FQL on values that are already read. A missing value is null. */
export const functions: Readonly<Record<FunctionName, (...values: readonly unknown[]) => unknown>> = {
  contains: (text, part) => typeof text === 'string' && typeof part === 'string' && text.includes(part),
  match: (text, pattern) =>
    typeof text === 'string' && typeof pattern === 'string' && matchesReadPattern(text, pattern),
  length: (value) => {
    if (value === null) return 0
    if (typeof value === 'string') return utf8Length(value)
    return Array.isArray(value) ? value.length : undefined
  },
  lowercase: (value) => (typeof value === 'string' ? value.toLowerCase() : null),
  uppercase: (value) => (typeof value === 'string' ? value.toUpperCase() : null),
  snakecase: (value) => (typeof value === 'string' ? value.replaceAll(' ', '_') : null),
  kebabcase: (value) => (typeof value === 'string' ? value.replaceAll(' ', '-') : null),
  titlecase: (value) =>
    typeof value === 'string'
      ? value.replace(/(^|\s)(\S)/g, (_, lead: string, letter: string) => lead + letter.toUpperCase())
      : null,
  typeof: (value) => typeOf(value),
  bool: (value) => toBool(value),
  string: (value) =>
    value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value),
  number: (value) => toNumber(value),
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function toBool(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 1) return true
  return value === 'false' || value === 0 ? false : null
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

const encoder = new TextEncoder()
const utf8Length = (text: string): number => encoder.encode(text).length
