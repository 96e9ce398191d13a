import { readFileSync } from 'node:fs'
import { parse } from 'jsonc-parser'
import type { SourceOptions } from 'waybill/console'

type Entry = { readonly name?: unknown; readonly destination?: unknown; readonly settings?: unknown }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where settings come from: the variable that a configuration file names for one, else the file. */
export function settingOrigins(file: string | undefined): NonNullable<SourceOptions['settingOrigin']> {
  const variables = new Map<string, string>()
  try {
    const content: unknown = file === undefined ? undefined : parse(readFileSync(file, 'utf8'))
    const connections =
      isObject(content) && Array.isArray(content.connections) ? (content.connections as Entry[]) : []
    for (const { name, destination, settings } of connections)
      for (const [key, value] of Object.entries(isObject(settings) ? settings : {})) {
        const variable =
          typeof value === 'string' ? /(?<!\$)\$\{([A-Za-z_]\w*)\}/.exec(value)?.[1] : undefined
        if (variable !== undefined) variables.set(`${name ?? destination}\n${key}`, variable)
      }
  } catch {
    // A configuration that is a program names no variables.
  }
  return (connection, key) => variables.get(`${connection}\n${key}`) ?? 'file'
}
