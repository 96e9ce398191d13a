import type { ActionManifest, DestinationManifest } from '../manifest'
import { at, type Change, type Finding, major, minor, patch, shown, switched, words } from './change'
import { compareChoices, compareFields } from './compare-fields'
import { compareRecords } from './compare-records'

function compareSyncModes(
  before: ActionManifest['syncMode'],
  after: ActionManifest['syncMode'],
): (Finding | undefined)[] {
  if (before === undefined && after === undefined) return []
  if (before === undefined) return [major('it asks for a sync mode: mappings have none')]
  if (after === undefined) return [minor('it asks for no sync mode any more')]
  return [
    ...compareChoices(before.choices, after.choices),
    before.default === after.default
      ? undefined
      : minor(`the sync mode of new mappings is ${after.default}, was ${before.default}`),
  ]
}

function compareAction(before: ActionManifest, after: ActionManifest, path: string): Change[] {
  return [
    ...at(path, [
      words('title', before.title, after.title),
      words('description', before.description, after.description),
      before.defaultSubscription === after.defaultSubscription
        ? undefined
        : minor(`new subscriptions begin with the filter ${shown(after.defaultSubscription)}`),
      switched(
        before.batch,
        after.batch,
        minor('events can travel together'),
        minor('events no longer travel together'),
      ),
      switched(before.hidden, after.hidden, patch('it is hidden'), patch('it is shown')),
      ...compareSyncModes(before.syncMode, after.syncMode),
    ]),
    ...compareFields(before.fields, after.fields, `${path}.fields`, 'field'),
  ]
}

/** Compares the actions of a destination. */
export const compareActions = (
  before: DestinationManifest['actions'],
  after: DestinationManifest['actions'],
  path: string,
): Change[] =>
  compareRecords(before, after, path, {
    removed: () => major('it is gone: subscriptions that use it are refused'),
    added: () => minor('it is new'),
    changed: compareAction,
  })
