import { addWrite, type FieldWrites } from './contacts'
import { addMarks, createMarks, type RuleMarks } from './rule-marks'
import type { HistoryEvent } from './sequence'

/** A program that a rule started for a person. */
export type ProgramRun = {
  readonly ruleId: string
  readonly programId: string
  readonly primaryKey: string
  /** When the last message of the sequence happened: ISO 8601. */
  readonly eventTime: string
  readonly matchedMessageIds: readonly string[]
  readonly payload: Readonly<Record<string, unknown>>
  /** 32 hex digits: the same for the same match, whenever it is found. */
  readonly triggerId: string
}

/** A run that waits until the primary key of its person is known. */
export type WaitingRun = Omit<ProgramRun, 'primaryKey'> & { readonly order: number }

/** What the add-on knows of a person beside the ids. */
export type Person = {
  /** Values that wait for a primary key. */
  readonly pending: FieldWrites
  readonly waiting: WaitingRun[]
  /** In order of time, then of arrival. */
  readonly history: HistoryEvent[]
  readonly marks: Map<string, RuleMarks>
}

/** How much is kept of a person; the oldest gives way. */
export const maxHistory = 200
export const maxWaiting = 100

export const createPerson = (): Person => ({ pending: new Map(), waiting: [], history: [], marks: new Map() })

export function addToHistory(person: Person, event: HistoryEvent): void {
  const { history } = person
  let position = history.length
  while (position > 0 && (history[position - 1] as HistoryEvent).time > event.time) position -= 1
  history.splice(position, 0, event)
  limitHistory(person)
}

const limitHistory = ({ history }: Person): void => {
  history.splice(0, Math.max(0, history.length - maxHistory))
}

export function addWaiting({ waiting }: Person, run: WaitingRun): void {
  waiting.push(run)
  waiting.splice(0, Math.max(0, waiting.length - maxWaiting))
}

export function marksOf({ marks }: Person, ruleId: string): RuleMarks {
  const known = marks.get(ruleId) ?? createMarks()
  marks.set(ruleId, known)
  return known
}

/** Two rows turned out to be one person. */
export function mergePersons(into: Person, from: Person): void {
  for (const write of from.pending.values()) addWrite(into.pending, write)
  into.waiting.push(...from.waiting)
  into.waiting.sort((a, b) => a.order - b.order)
  into.waiting.splice(0, Math.max(0, into.waiting.length - maxWaiting))
  into.history.push(...from.history)
  into.history.sort((a, b) => a.time - b.time || a.arrival - b.arrival)
  limitHistory(into)
  for (const [ruleId, marks] of from.marks) addMarks(marksOf(into, ruleId), marks)
}
