import { rootDirectiveKey } from '../../pipeline/mapping/compile-mapping'
import { isDirective } from '../../pipeline/mapping/scope'
import { isObject } from '../../pipeline/mapping/type-name'
import type { Report } from '../finding'

type Fields = Readonly<Record<string, unknown>>

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Reports required fields to which a whole mapping gives no value. */
export function lintRequired(mapping: unknown, fields: Fields, path: string, report: Report): void {
  if (!isObject(mapping) || isDirective(mapping) || Object.hasOwn(mapping, rootDirectiveKey)) return
  for (const [key, field] of Object.entries(fields))
    if (isObject(field) && field.required === true && isEmpty(mapping[key]))
      report(
        'missing-required-field',
        `${path}.${key}`,
        `the field "${field.label ?? key}" is required and has no default; map it, for example { "@path": "$.properties.${key}" }`,
      )
}
