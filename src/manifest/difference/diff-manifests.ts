import type { DestinationManifest, Manifest } from '../manifest'
import {
  at,
  type Change,
  type Finding,
  type Grade,
  gravest,
  isSame,
  major,
  minor,
  shown,
  switched,
  words,
} from './change'
import { compareActions } from './compare-actions'
import { compareFields } from './compare-fields'
import { comparePresets } from './compare-presets'

/** What two versions of a manifest differ in. */
export type ManifestDifference = {
  /** What the next version has to be; undefined where nothing changed. */
  readonly grade: Grade | undefined
  readonly changes: readonly Change[]
}

/** The name is that of the integrations object, unless the old one is still known. */
function compareNames(before: DestinationManifest, after: DestinationManifest): (Finding | undefined)[] {
  const known = [after.name, ...(after.integrationNames ?? [])]
  const lost = (before.integrationNames ?? []).filter((name) => !known.includes(name))
  const renamed = `the name is ${shown(after.name)}, was ${shown(before.name)}`
  const isKnown = known.includes(before.name)
  return [
    before.name === after.name
      ? undefined
      : isKnown
        ? minor(renamed)
        : major(`${renamed}: integrations objects that use it have no effect`),
    ...lost.map((name) => major(`integrations objects no longer know it as ${shown(name)}`)),
    ...(after.integrationNames ?? [])
      .filter((name) => name !== before.name && !before.integrationNames?.includes(name))
      .map((name) => minor(`integrations objects may call it ${shown(name)}`)),
  ]
}

function compareDestination(before: DestinationManifest, after: DestinationManifest, path: string): Change[] {
  return [
    ...at(path, [
      ...compareNames(before, after),
      before.authentication === after.authentication
        ? undefined
        : major(`the authentication ${before.authentication} became ${after.authentication}`),
      switched(
        before.ordering,
        after.ordering,
        minor('events of one person keep their order'),
        major('events of one person no longer keep their order'),
      ),
      switched(
        before.idempotent,
        after.idempotent,
        minor('what got no answer is sent again'),
        major('what got no answer is not sent again'),
      ),
      switched(
        before.deletesUsers,
        after.deletesUsers,
        minor('users can be deleted'),
        major('users can no longer be deleted'),
      ),
      switched(
        before.testsAuthentication,
        after.testsAuthentication,
        minor('credentials can be tested'),
        minor('credentials can no longer be tested'),
      ),
      isSame(before.limits, after.limits)
        ? undefined
        : minor(`the limits are ${shown(after.limits)}, were ${shown(before.limits)}`),
      words('description', before.description, after.description),
    ]),
    ...compareFields(before.settings, after.settings, `${path}.settings`, 'setting'),
    ...comparePresets(before.presets, after.presets, `${path}.presets`),
    ...compareActions(before.actions, after.actions, `${path}.actions`),
  ]
}

/** The slug under which a destination is found that is gone: the new one with the same name or the same actions. */
function newSlug(gone: DestinationManifest, before: Manifest, after: Manifest): string | undefined {
  const actions = Object.keys(gone.actions)
  return Object.keys(after.destinations).find((slug) => {
    const candidate = after.destinations[slug] as DestinationManifest
    return (
      !Object.hasOwn(before.destinations, slug) &&
      (candidate.name === gone.name || isSame(Object.keys(candidate.actions), actions))
    )
  })
}

/** Grades everything in which two versions of a manifest differ by what it breaks. */
export function diffManifests(before: Manifest, after: Manifest): ManifestDifference {
  const renamed = new Set<string>()
  const kept = Object.entries(before.destinations).flatMap(([slug, destination]) => {
    const same = after.destinations[slug]
    if (same !== undefined) return compareDestination(destination, same, slug)
    const next = newSlug(destination, before, after)
    if (next === undefined || renamed.has(next))
      return at(slug, [major('it is gone: configurations that name it are refused')])
    renamed.add(next)
    const there = after.destinations[next] as DestinationManifest
    return [
      ...at(slug, [major(`its slug is ${next} now: configurations that name it are refused`)]),
      ...compareDestination(destination, there, next),
    ]
  })
  const fresh = Object.keys(after.destinations).filter(
    (slug) => !Object.hasOwn(before.destinations, slug) && !renamed.has(slug),
  )
  const changes = [...kept, ...fresh.flatMap((slug) => at(slug, [minor('it is new')]))]
  return { grade: gravest(changes), changes }
}
