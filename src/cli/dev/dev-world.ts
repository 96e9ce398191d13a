import { isDeepStrictEqual } from 'node:util'
import type { Connection } from 'waybill'
import { createConsoleSource, createRecorder, type DevState, type RunningVendor } from 'waybill/console'
import { loadDemoVendor } from 'waybill/emulators'
import { createMemoryStore } from 'waybill/queue'
import { createTally } from 'waybill/telemetry'
import type { DemoVendor, Emulator } from 'waybill/testing'
import { consoleSamples } from '../console/console-samples'
import { testableDestinations, testableOf } from '../console/testable-destinations'
import { packageVersion } from '../package-folder'
import { checkPackage } from './check-package'
import { createFreshLoader } from './load-fresh'
import { loadPackage, type PackageDestination, type PackageProblem } from './load-package'
import { watchFolder } from './watch-folder'

export type DevOptions = {
  /** Folder of the package. */
  readonly root: string
  /** Slugs of emulators of waybill to start as well. */
  readonly emulators: readonly string[]
  /** False: types and tests are not checked on each save. */
  readonly checks: boolean
  readonly say: (text: string) => void
}

type OwnEmulator = { readonly emulator: Emulator; readonly acceptedKey?: string }

/** A package that is watched: its destinations as they are now, their emulators, and what is wrong. */
export async function startDevWorld({ root, emulators, checks, say }: DevOptions) {
  const load = createFreshLoader(root)
  const vendors = new Map<string, DemoVendor>()
  for (const slug of emulators) vendors.set(slug, await loadDemoVendor(slug)())
  const own = new Map<string, OwnEmulator>()
  const tally = createTally()
  let destinations = new Map<string, PackageDestination>()
  let loadProblems: PackageProblem[] = []
  let checked: PackageProblem[] = []
  let isChecking = false
  let loadedAt = new Date()
  let checking = new AbortController()

  const settingsOf = ({ definition, slug }: PackageDestination): Record<string, unknown> | undefined => {
    const running = own.get(slug)
    if (running === undefined) return undefined
    const fields = (definition.authentication?.fields ?? {}) as Readonly<
      Record<string, { readonly type?: string }>
    >
    const secrets = Object.keys(fields).filter((name) => fields[name]?.type === 'password')
    const addresses = Object.keys(fields).filter((name) => /endpoint|url|host/i.test(name))
    return {
      ...(running.acceptedKey !== undefined &&
        Object.fromEntries(secrets.map((name) => [name, running.acceptedKey]))),
      ...Object.fromEntries(addresses.map((name) => [name, running.emulator.url])),
    }
  }

  const state = (): DevState => ({
    folder: root,
    loadedAt: loadedAt.toISOString(),
    destinations: [...destinations.keys()],
    problems: [...loadProblems, ...checked],
    isChecking,
  })

  const source = createConsoleSource({
    about: () => ({
      version: packageVersion(),
      environment: 'dev',
      store: { kind: 'memory', durable: false },
    }),
    runtime: {
      connections: noConnections,
      status: () => [],
      pause: async () => undefined,
      resume: async () => undefined,
      tryNow: async () => undefined,
      testAuthentication: async () => ({ ok: false, at: new Date().toISOString() }),
    },
    store: createMemoryStore(),
    recorder: createRecorder(tally),
    tally,
    destinations: () =>
      new Map([
        ...[...destinations].map(
          ([slug, destination]) =>
            [slug, testableOf(destination.definition, () => settingsOf(destination))] as const,
        ),
        ...[...testableDestinations([], vendors)].filter(([slug]) => !destinations.has(slug)),
      ]),
    vendors: () => [...ownVendors(destinations, own), ...demoVendors(vendors)],
    samples: consoleSamples,
    dev: state,
  })

  /** An emulator goes on through reloads: what it holds is what the author looks at. */
  async function startEmulators(): Promise<void> {
    for (const [slug, { emulator }] of destinations) {
      if (emulator === undefined || own.has(slug)) continue
      try {
        own.set(slug, {
          emulator: await emulator.start(),
          ...(emulator.acceptedKey !== undefined && { acceptedKey: emulator.acceptedKey }),
        })
      } catch (error) {
        loadProblems.push({ file: `${slug}/emulator`, kind: 'load', message: (error as Error).message })
      }
    }
  }

  async function check(): Promise<void> {
    checking.abort()
    checking = new AbortController()
    const { signal } = checking
    isChecking = true
    source.changed('dev')
    const found = await checkPackage(root, signal)
    if (signal.aborted) return
    isChecking = false
    if (!isDeepStrictEqual(found, checked)) {
      const words =
        found.length === 0
          ? 'Types and tests hold.'
          : `${found.length} ${found.length === 1 ? 'problem' : 'problems'}: ${found[0]?.file}: ${found[0]?.message}`
      say(words)
    }
    checked = found
    source.changed('dev')
  }

  async function reload(): Promise<void> {
    const loaded = loadPackage(root, load)
    // What cannot be loaded at this moment stays as it was: the author is in the middle of a change.
    const broken = new Set(loaded.problems.map(({ file }) => file))
    const kept = [...destinations].filter(
      ([slug, { file }]) => !loaded.destinations.has(slug) && broken.has(file),
    )
    destinations = new Map([...loaded.destinations, ...kept])
    loadProblems = loaded.problems
    loadedAt = new Date()
    await startEmulators()
    for (const { file, message } of loadProblems) say(`${file}: ${message}`)
    source.changed('dev')
    if (checks) void check()
  }

  await reload()
  const stopWatching = watchFolder(root, () => void reload())
  return {
    source,
    tally,
    state,
    async close() {
      stopWatching()
      checking.abort()
      await Promise.all([...own.values()].map(({ emulator }) => emulator.close()))
      await Promise.all([...vendors.values()].map((vendor) => vendor.close()))
    },
  }
}

const none: readonly Connection[] = []
const noConnections = (): readonly Connection[] => none

const demoVendors = (vendors: ReadonlyMap<string, DemoVendor>): RunningVendor[] =>
  [...vendors].flatMap(([slug, { name, inspection }]) =>
    inspection === undefined ? [] : [{ slug, name, inspection }],
  )

/** Emulators of the package show their requests, and what they took where they keep it. */
const ownVendors = (
  destinations: ReadonlyMap<string, PackageDestination>,
  own: ReadonlyMap<string, OwnEmulator>,
): RunningVendor[] =>
  [...own].map(([slug, { emulator }]) => {
    const { accepted } = emulator as Emulator & { readonly accepted?: unknown[] }
    return {
      slug,
      name: destinations.get(slug)?.definition.name ?? slug,
      inspection: {
        emulator,
        tables: Array.isArray(accepted)
          ? [
              {
                id: 'accepted',
                title: 'Accepted',
                columns: [
                  { title: 'Path', kind: 'id' as const, value: 'path' },
                  {
                    title: 'Body',
                    value: (row: Readonly<Record<string, unknown>>) => JSON.stringify(row.body),
                  },
                ],
                rows: () => [...accepted].reverse(),
              },
            ]
          : [],
        empty: () => {
          if (Array.isArray(accepted)) accepted.length = 0
        },
      },
    }
  })
