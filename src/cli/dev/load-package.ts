import { dirname, relative } from 'node:path'
import { type Connection, checkDefinition, isWaybillError } from 'waybill'
import { slugOf } from 'waybill/manifest'
import type { Emulator } from 'waybill/testing'
import { emulatorBeside, findSources } from './find-sources'

type Definition = Connection['destination']

/** Something that keeps a package from working. */
export type PackageProblem = {
  readonly file: string
  readonly line?: number
  readonly message: string
  readonly kind: 'types' | 'load' | 'snapshot'
}

/** A destination of a package, and how its emulator is started, where there is one. */
export type PackageDestination = {
  readonly slug: string
  readonly file: string
  readonly definition: Definition
  readonly emulator?: { start(): Promise<Emulator>; readonly acceptedKey?: string }
}

const isDefinition = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && 'actions' in value && 'name' in value

function problemOf(error: unknown, file: string): PackageProblem {
  const { message, stack = '' } = error as Error
  // The first line of the stack that is of this package says where.
  const at = new RegExp(`${dirname(file).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}[^:)]*:(\\d+)`).exec(stack)
  return {
    file,
    kind: 'load',
    message: message.split('\n').slice(0, 3).join(' '),
    ...(at?.[1] !== undefined && { line: Number(at[1]) }),
  }
}

function emulatorOf(file: string, load: (file: string) => unknown): PackageDestination['emulator'] {
  const beside = emulatorBeside(file)
  if (beside === undefined) return undefined
  const exported = load(beside) as Record<string, unknown>
  const start = Object.entries(exported).find(
    ([name, value]) => /^start\w*Emulator$/.test(name) && typeof value === 'function',
  )?.[1]
  if (start === undefined) return undefined
  const { acceptedKey } = exported
  return {
    start: start as () => Promise<Emulator>,
    ...(typeof acceptedKey === 'string' && { acceptedKey }),
  }
}

/** Loads every destination of a package as it is now, with what cannot be loaded. */
export function loadPackage(root: string, load: (file: string) => unknown) {
  const destinations = new Map<string, PackageDestination>()
  const problems: PackageProblem[] = []
  for (const file of findSources(root)) {
    const shown = relative(root, file)
    try {
      const exported = load(file)
      const values = isDefinition(exported)
        ? [exported]
        : Object.values((exported ?? {}) as Record<string, unknown>)
      for (const definition of values.filter(isDefinition)) {
        checkDefinition(definition)
        const slug = slugOf(definition)
        if (destinations.has(slug)) continue
        const emulator = emulatorOf(file, load)
        destinations.set(slug, { slug, file: shown, definition, ...(emulator !== undefined && { emulator }) })
      }
    } catch (error) {
      if (isWaybillError(error))
        problems.push(
          ...error.problems.map(({ path, message }) => ({
            file: shown,
            kind: 'load' as const,
            message: path === '' ? message : `${path}: ${message}`,
          })),
        )
      else problems.push({ ...problemOf(error, file), file: shown })
    }
  }
  return { destinations, problems }
}
