import type { PresetManifest } from '../manifest'
import { at, type Change, type Finding, isSame, major, minor, patch, shown } from './change'

const isAutomatic = ({ type }: PresetManifest): boolean => type === 'automatic'

/** A filter without the blanks that mean nothing. Quoted texts keep theirs. */
const condensed = (filter: string): string =>
  filter
    .trim()
    .replace(/("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\s*([=!<>(),]+)\s*|\s+/g, (_all, quoted, operator) =>
      quoted !== undefined ? quoted : (operator ?? ' '),
    )

/** Automatic presets are at work in every connection that uses presets; others are only offered. */
const graded = (isAtWork: boolean, message: string): Finding => (isAtWork ? major(message) : minor(message))

function comparePreset(before: PresetManifest, after: PresetManifest, path: string): Change[] {
  const isAtWork = isAutomatic(before)
  const filterMessage = `the filter is ${shown(after.filter)}, was ${shown(before.filter)}`
  const filter = (): Finding | undefined => {
    if (before.filter === after.filter) return undefined
    return condensed(before.filter) === condensed(after.filter)
      ? patch('the filter is written in another way')
      : graded(isAtWork, `${filterMessage}: other events are sent`)
  }
  return at(path, [
    before.type === after.type ? undefined : graded(isAtWork, `the type ${before.type} became ${after.type}`),
    before.action === after.action
      ? undefined
      : graded(isAtWork, `the action is ${after.action}, was ${before.action}`),
    filter(),
    isSame(before.mapping ?? {}, after.mapping ?? {})
      ? undefined
      : graded(isAtWork, 'the mapping changed: something else is sent'),
  ])
}

const withoutName = ({ name: _name, ...preset }: PresetManifest) => preset

/** Compares presets by name; one that has but another name is renamed. */
export function comparePresets(
  before: readonly PresetManifest[],
  after: readonly PresetManifest[],
  path: string,
): Change[] {
  const pathOf = (preset: PresetManifest): string => `${path}.${preset.name}`
  const gone = before.filter(({ name }) => !after.some((preset) => preset.name === name))
  const fresh = after.filter(({ name }) => !before.some((preset) => preset.name === name))
  const changes = before.flatMap((preset) => {
    const same = after.find(({ name }) => name === preset.name)
    if (same !== undefined) return comparePreset(preset, same, pathOf(preset))
    const renamed = fresh.find((candidate) => isSame(withoutName(candidate), withoutName(preset)))
    if (renamed === undefined)
      return at(pathOf(preset), [
        graded(isAutomatic(preset), 'it is gone: connections that use presets no longer send its events'),
      ])
    return at(pathOf(preset), [minor(`it is called ${shown(renamed.name)}: reports use the new name`)])
  })
  const isRenamed = (preset: PresetManifest): boolean =>
    gone.some((candidate) => isSame(withoutName(candidate), withoutName(preset)))
  const added = fresh.filter((preset) => !isRenamed(preset))
  return [
    ...changes,
    ...added.flatMap((preset) =>
      at(pathOf(preset), [
        minor(
          `it is new${isAutomatic(preset) ? ': connections that use presets begin to send its events' : ''}`,
        ),
      ]),
    ),
  ]
}
