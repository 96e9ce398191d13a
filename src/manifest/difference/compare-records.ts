import type { Change, Finding } from './change'
import { at } from './change'

/** How members of a record are compared, by key. */
export type RecordRules<Member> = {
  readonly removed: (member: Member) => Finding
  readonly added: (member: Member) => Finding
  readonly changed: (before: Member, after: Member, path: string) => readonly Change[]
}

/** Compares members that have the same key; the others are removed or added. */
export function compareRecords<Member>(
  before: Readonly<Record<string, Member>>,
  after: Readonly<Record<string, Member>>,
  path: string,
  rules: RecordRules<Member>,
): Change[] {
  const kept = Object.entries(before).flatMap(([key, member]) => {
    const there = `${path}.${key}`
    return Object.hasOwn(after, key)
      ? rules.changed(member, after[key] as Member, there)
      : at(there, [rules.removed(member)])
  })
  const fresh = Object.entries(after).filter(([key]) => !Object.hasOwn(before, key))
  return [...kept, ...fresh.flatMap(([key, member]) => at(`${path}.${key}`, [rules.added(member)]))]
}
