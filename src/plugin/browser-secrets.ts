import { ConfigurationError, type Problem } from '../errors'
import type { Connection } from '../runtime/options'

type Globals = {
  readonly window?: unknown
  readonly document?: unknown
  readonly WorkerGlobalScope?: unknown
}

/** True on a web page and in its workers. */
export const isBrowser = (globals: Globals = globalThis as Globals): boolean =>
  (globals.window !== undefined && globals.document !== undefined) || globals.WorkerGlobalScope !== undefined

const isFilled = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/**
 * Refuses settings of type `password` that are filled in: on a page, everybody can read them.
 * @throws ConfigurationError INVALID_SETTINGS that names each of them, and no value.
 */
export function refuseSecrets(connections: readonly Connection[]): void {
  const problems: Problem[] = connections.flatMap(({ destination, settings = {} }, index) => {
    const fields = (destination?.authentication?.fields ?? {}) as Readonly<Record<string, { type?: string }>>
    return Object.entries(fields)
      .filter(([name, { type }]) => type === 'password' && isFilled(settings[name]))
      .map(([name]) => ({
        path: `connections[${index}].settings.${name}`,
        code: 'INVALID_SETTINGS' as const,
        message:
          'is a secret, and everybody can read it on a page: send to a server of yours instead, or pass allowPublicSecrets: true',
      }))
  })
  if (problems.length === 0) return
  const message = problems.map(({ path, message: text }) => `${path} ${text}`).join('; ')
  throw new ConfigurationError('INVALID_SETTINGS', message, { problems })
}
