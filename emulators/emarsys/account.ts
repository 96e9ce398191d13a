import { createHash } from 'node:crypto'
import { type AddOnConfiguration, compileConfiguration } from './configuration'
import { addWrite, createContacts } from './contacts'
import { applyDataMaps, type MappedValues } from './data-map'
import { eventTimeOf, identityOf, messageIdOf } from './message'
import {
  addToHistory,
  addWaiting,
  createPerson,
  marksOf,
  mergePersons,
  type Person,
  type ProgramRun,
  type WaitingRun,
} from './person'
import type { CompiledRule } from './rule'
import { newSequences } from './rule-marks'
import type { HistoryEvent } from './sequence'
import type { Message } from './step-matcher'
import { createUsersTable, type Row } from './users-table'

/** What the add-on did with one accepted message. */
export type JournalEntry = {
  readonly messageId: string
  readonly type: string
  /** True for a message that had been accepted before; nothing was changed then. */
  readonly isReplayed: boolean
  /** Row of the users table. */
  readonly rowId?: number
  /** Fields to which values were mapped. */
  readonly mappedFields: readonly number[]
  /** Values that could not be converted. */
  readonly dropped: MappedValues['dropped']
  readonly firedRules: readonly string[]
}

const maxJournal = 10_000
const nothingDone = { mappedFields: [], dropped: [], firedRules: [] }

/** One account with the add-on: its configuration, users table, contacts, and the programs that were started. */
export function createAccount(name: string, configuration: AddOnConfiguration = {}) {
  let compiled = compileConfiguration(configuration)
  let activeFrom = new Map<string, number>()
  let state = emptyState()

  function emptyState() {
    const comparable = (key: string): string => (compiled.isKeyCaseSensitive ? key : key.toLowerCase())
    return {
      users: createUsersTable<Person>({ createState: createPerson, mergeState: mergePersons, comparable }),
      contacts: createContacts(() => compiled.keyFieldId, comparable),
      programs: [] as ProgramRun[],
      journal: [] as JournalEntry[],
      accepted: new Set<string>(),
      arrivals: 0,
      runs: 0,
    }
  }

  /** A rule takes part from when it is there and enabled; what happened before does not fire it. */
  function activate(from: number): void {
    const enabled = compiled.rules.filter((rule) => rule.isEnabled)
    activeFrom = new Map(enabled.map(({ id }) => [id, activeFrom.get(id) ?? from]))
  }
  activate(0)

  /** Values go to the contact, or wait on the row until the primary key is known. */
  function mapData(
    { primaryKey, state: person }: Row<Person>,
    event: HistoryEvent,
    now: number,
  ): MappedValues {
    const { time, arrival, message } = event
    const mapped = applyDataMaps(compiled.dataMaps, message, compiled.emptyValues)
    for (const [fieldId, value] of mapped.values) addWrite(person.pending, { fieldId, value, time, arrival })
    if (primaryKey !== undefined && (person.pending.size > 0 || compiled.createsOnKey)) {
      state.contacts.write(primaryKey, person.pending.values(), now)
      person.pending.clear()
    }
    return mapped
  }

  /** Starts programs, or lets them wait on the row until the primary key is known. */
  function applyRules({ id, primaryKey, state: person }: Row<Person>): string[] {
    const firedRules: string[] = []
    const start = ({ order: _order, ...run }: WaitingRun, key: string) =>
      state.programs.push({ ...run, primaryKey: key })
    if (primaryKey !== undefined) for (const run of person.waiting.splice(0)) start(run, primaryKey)
    for (const rule of compiled.rules) {
      const from = activeFrom.get(rule.id)
      if (from === undefined) continue
      for (const matched of newSequences(rule, person.history, marksOf(person, rule.id), from)) {
        const run = runOf(rule, id, matched, state.runs++)
        firedRules.push(rule.id)
        if (primaryKey === undefined) addWaiting(person, run)
        else start(run, primaryKey)
      }
    }
    return firedRules
  }

  function runOf(
    rule: CompiledRule,
    rowId: number,
    matched: readonly HistoryEvent[],
    order: number,
  ): WaitingRun {
    const matchedMessageIds = matched.map(({ messageId }) => messageId)
    const identity = JSON.stringify([name, rule.id, rowId, matchedMessageIds])
    return {
      order,
      ruleId: rule.id,
      programId: rule.programId,
      eventTime: new Date(matched.at(-1)?.time ?? 0).toISOString(),
      matchedMessageIds,
      payload: rule.payloadOf(matched),
      triggerId: createHash('sha256').update(identity).digest('hex').slice(0, 32),
    }
  }

  function journal(entry: JournalEntry): JournalEntry {
    if (state.journal.length === maxJournal) state.journal.shift()
    state.journal.push(entry)
    return entry
  }

  /** A deletion takes the row of the user and the contact that was written from it. */
  function remove(userId: string | undefined): void {
    const row = userId === undefined ? undefined : state.users.removeUser(userId)
    if (row?.primaryKey !== undefined) state.contacts.remove(row.primaryKey)
  }

  return {
    name,
    isEnabled: true,
    /** The same for every type of call: the users table, then data maps, then rules. `now` by the emulator's clock. */
    process(message: Message, now: number): JournalEntry {
      const messageId = messageIdOf(message)
      const { type } = message
      if (messageId !== undefined && state.accepted.has(messageId))
        return journal({ messageId, type, isReplayed: true, ...nothingDone })
      if (messageId !== undefined) state.accepted.add(messageId)
      const identity = identityOf(message, compiled.primaryKey)
      const arrival = state.arrivals++
      const named = messageId ?? `arrival-${arrival}`
      if (type === 'delete') {
        remove(identity.userId)
        return journal({ messageId: named, type, isReplayed: false, ...nothingDone })
      }
      const event = { arrival, time: eventTimeOf(message, now), messageId: named, message }
      const row = state.users.update(identity, now)
      const { values, dropped } = mapData(row, event, now)
      addToHistory(row.state, event)
      const firedRules = applyRules(row)
      const mappedFields = [...values.keys()]
      return journal({
        messageId: named,
        type,
        isReplayed: false,
        rowId: row.id,
        mappedFields,
        dropped,
        firedRules,
      })
    },
    /** Replaces data maps, rules and the rest of the configuration; people and contacts stay. */
    configure(next: AddOnConfiguration): void {
      compiled = compileConfiguration(next)
      activate(state.arrivals)
    },
    /** Forgets everybody; the configuration stays. */
    reset(): void {
      state = emptyState()
      activeFrom = new Map()
      activate(0)
    },
    get configuration(): AddOnConfiguration {
      return compiled.source
    },
    /** How many messages were accepted, without repetitions. */
    get accepted(): number {
      return state.arrivals
    },
    get users() {
      return state.users
    },
    get contacts() {
      return state.contacts
    },
    get programs(): readonly ProgramRun[] {
      return state.programs
    },
    get journal(): readonly JournalEntry[] {
      return state.journal
    },
  }
}

export type Account = ReturnType<typeof createAccount>
