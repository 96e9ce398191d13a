import type { AddOnConfiguration, Rule, Step } from 'waybill/emulators/emarsys'

/** A message of the random sequences. Times are minutes. */
export type ModelMessage = {
  readonly messageId: string
  readonly type: string
  readonly minute: number
  readonly anonymousId?: string
  readonly userId?: string
  readonly email?: string
  readonly event?: string
  /** Undefined: not in the message. */
  readonly value?: number | boolean | null
}

type Seen = { readonly message: ModelMessage; readonly arrival: number }
type Write = Seen & { readonly fieldId: number; readonly value: string | null }
type Run = { readonly ruleId: string; readonly matchedMessageIds: readonly string[] }
type Fired = Run & { readonly sequence: readonly Seen[] }
type Person = {
  readonly devices: Set<string>
  user?: string
  key?: string
  readonly formerKeys: string[]
  readonly seen: Seen[]
  readonly writes: Write[]
  readonly fired: Fired[]
  readonly waiting: Run[]
}

/** The sequences of the model; every limit is in minutes. */
export type ModelRule = {
  readonly id: string
  readonly steps: readonly { readonly event: string; readonly count?: number; readonly within?: number }[]
  readonly window?: number
  readonly unless?: string
  readonly repeat: 'once' | 'always' | number
}

export const valueField = 101
export const memberField = 102

/** The same rules and maps as the configuration page of the add-on takes them. */
export const configurationOf = (rules: readonly ModelRule[]): AddOnConfiguration => ({
  fields: [{ id: valueField }, { id: memberField }],
  emptyValues: 'clear',
  dataMaps: [
    { from: 'properties.value', to: valueField },
    {
      from: 'properties -> value',
      to: memberField,
      transform: 'boolChoice',
      choices: { true: 1, false: 2 },
    },
  ],
  programs: [{ id: 'program' }],
  rules: rules.map(
    ({ id, steps, window, unless, repeat }): Rule => ({
      id,
      steps: steps.map(
        ({ within, ...step }): Step => ({
          ...step,
          ...(within === undefined ? {} : { within: `${within}m` }),
        }),
      ),
      ...(window === undefined ? {} : { window: `${window}m` }),
      ...(unless === undefined ? {} : { unless: [{ event: unless }] }),
      repeat: typeof repeat === 'number' ? `cooldown:${repeat}m` : repeat,
      trigger: { programId: 'program' },
    }),
  ),
})

/**
 * The add-on as its rules of the users table (T1 to T10), maps and sequences say, without any index: every question is
 * answered by looking at everything. Sequences are found by trying each combination of messages.
 */
export function createAddOnModel(rules: readonly ModelRule[]) {
  let people: Person[] = []
  const accepted = new Set<string>()
  const contacts = new Map<string, Write[]>()
  const programs: (Run & { primaryKey: string })[] = []
  let arrivals = 0

  const newPerson = (): Person => {
    const person: Person = {
      devices: new Set(),
      formerKeys: [],
      seen: [],
      writes: [],
      fired: [],
      waiting: [],
    }
    people.push(person)
    return person
  }

  function absorb(survivor: Person, other: Person): void {
    people = people.filter((person) => person !== other)
    for (const device of other.devices) survivor.devices.add(device)
    survivor.user ??= other.user
    survivor.formerKeys.push(...other.formerKeys)
    survivor.seen.push(...other.seen)
    survivor.writes.push(...other.writes)
    survivor.fired.push(...other.fired)
    survivor.waiting.push(...other.waiting)
  }

  function rename(person: Person, key: string): void {
    if (person.key !== undefined && sameKey(person.key, key)) return
    if (person.key !== undefined) person.formerKeys.push(person.key)
    person.key = key
  }

  function personOf({ anonymousId, userId, email }: ModelMessage): Person {
    const ofKey = people.find(({ key }) => key && email && sameKey(key, email))
    const ofUser = people.find(({ user }) => user && user === userId)
    const ofDevice = people.find(({ devices }) => anonymousId && devices.has(anonymousId))
    const isNobody = ofDevice && ofDevice.user === undefined && ofDevice.key === undefined
    let person = ofKey ?? ofUser
    if (ofKey && userId && ofKey.user !== userId) {
      // T6, else T8.
      if (!ofKey.user && ofUser && !ofUser.key) absorb(ofKey, ofUser)
      else if (ofUser) delete ofUser.user
    }
    // T3 and T5: a device is the person's own as long as nothing contradicts.
    if (!person && ofDevice && !(userId && ofDevice.user) && !(email && ofDevice.key)) person = ofDevice
    // T2
    person ??= newPerson()
    if (userId) person.user = userId
    // T7
    if (email && !ofKey) rename(person, email)
    if (anonymousId) {
      // T4, else T5.
      if (isNobody && people.includes(ofDevice) && ofDevice !== person) absorb(person, ofDevice)
      for (const { devices } of people) devices.delete(anonymousId)
      person.devices.add(anonymousId)
    }
    people = people.filter(({ devices, user, key }) => devices.size > 0 || user || key)
    return person
  }

  return {
    receive(message: ModelMessage): void {
      if (accepted.has(message.messageId)) return
      accepted.add(message.messageId)
      const seen: Seen = { message, arrival: arrivals++ }
      const person = personOf(message)
      person.writes.push(...writesOf(seen))
      person.seen.push(seen)
      if (person.key !== undefined && person.writes.length > 0) {
        const key = person.key.toLowerCase()
        contacts.set(key, [...(contacts.get(key) ?? []), ...person.writes.splice(0)])
      }
      for (const rule of rules)
        for (let next = nextSequence(rule, person); next; next = nextSequence(rule, person)) {
          const run = { ruleId: rule.id, matchedMessageIds: next.map((each) => each.message.messageId) }
          person.fired.push({ ...run, sequence: next })
          person.waiting.push(run)
        }
      const { key } = person
      if (key !== undefined)
        programs.push(...person.waiting.splice(0).map((run) => ({ ...run, primaryKey: key })))
    },
    /** Rows, contacts and programs, in an order that does not depend on how they are kept. */
    get state() {
      return sortedState({
        users: people.map(({ devices, user, key, formerKeys, writes, waiting }) => ({
          anonymousId: [...devices].sort(),
          userId: user ?? null,
          primarykey: key ?? null,
          previousPrimaryKeys: formerKeys,
          pending: newestOf(writes),
          waitingPrograms: waiting.length,
        })),
        contacts: [...contacts].map(([key, writes]) => ({
          key,
          fields: Object.fromEntries(Object.entries(newestOf(writes)).filter(([, value]) => value !== null)),
        })),
        programs,
      })
    },
  }
}

const sameKey = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const writesOf = (seen: Seen): Write[] => {
  const { value } = seen.message
  if (value === undefined) return []
  if (value === null) return [valueField, memberField].map((fieldId) => ({ ...seen, fieldId, value }))
  const asText = { ...seen, fieldId: valueField, value: String(value) }
  if (typeof value === 'number') return [asText]
  return [asText, { ...seen, fieldId: memberField, value: value ? '1' : '2' }]
}

const byTime = (a: Seen, b: Seen): number => a.message.minute - b.message.minute || a.arrival - b.arrival

const newestOf = (writes: readonly Write[]): Record<string, string | null> =>
  Object.fromEntries([...writes].sort(byTime).map(({ fieldId, value }) => [fieldId, value]))

const isCalled = ({ message }: Seen, event: string): boolean =>
  message.event?.toLowerCase() === event.toLowerCase()

/** The first combination of messages, in the order of time, that satisfies the rule and was not used up. */
function nextSequence(rule: ModelRule, person: Person): Seen[] | undefined {
  const seen = [...person.seen].sort(byTime)
  const events = rule.steps.flatMap(({ event, count = 1 }) => Array<string>(count).fill(event))
  const earlier = person.fired.filter(({ ruleId }) => ruleId === rule.id)
  return combinations(seen, events).find(
    (sequence) =>
      isInTime(rule, sequence) && isUnbroken(rule, sequence, seen) && isFree(rule, sequence, earlier),
  )
}

/** All increasing choices of messages that have the names in order, the earliest first. */
function combinations(seen: readonly Seen[], events: readonly string[]): Seen[][] {
  const [event, ...others] = events
  if (event === undefined) return [[]]
  return seen.flatMap((each, position) =>
    isCalled(each, event)
      ? combinations(seen.slice(position + 1), others).map((rest) => [each, ...rest])
      : [],
  )
}

function isInTime({ steps, window = Infinity }: ModelRule, sequence: readonly Seen[]): boolean {
  const minutes = sequence.map(({ message }) => message.minute)
  if ((minutes.at(-1) as number) - (minutes[0] as number) > window) return false
  let begin = 0
  return steps.every(({ count = 1, within = Infinity }, step) => {
    const own = minutes.slice(begin, begin + count)
    const before = minutes[begin - 1] as number
    begin += count
    return step === 0 || own.every((minute) => minute - before <= within)
  })
}

function isUnbroken({ unless }: ModelRule, sequence: readonly Seen[], seen: readonly Seen[]): boolean {
  const first = seen.indexOf(sequence[0] as Seen)
  const last = seen.indexOf(sequence.at(-1) as Seen)
  return !seen.slice(first + 1, last).some((each) => unless !== undefined && isCalled(each, unless))
}

function isFree({ repeat }: ModelRule, sequence: readonly Seen[], earlier: readonly Fired[]): boolean {
  const end = sequence.at(-1) as Seen
  const ends = earlier.map((fired) => fired.sequence.at(-1) as Seen)
  if (repeat === 'once') return earlier.length === 0
  if (repeat === 'always') return !ends.includes(end)
  return (
    ends.every(({ message }) => Math.abs(message.minute - end.message.minute) >= repeat) &&
    !earlier.some((fired) => fired.sequence.some((each) => sequence.includes(each)))
  )
}

type State = {
  readonly users: readonly object[]
  readonly contacts: readonly object[]
  readonly programs: readonly object[]
}

const sorted = (entries: readonly object[]): string[] =>
  entries.map((entry) => JSON.stringify(entry, Object.keys(flat(entry)).sort())).sort()

/** The names of all members at any depth, for a text that does not depend on their order. */
const flat = (value: unknown): Record<string, true> =>
  typeof value === 'object' && value !== null
    ? Object.assign({}, ...Object.entries(value).map(([name, inner]) => ({ [name]: true, ...flat(inner) })))
    : {}

export const sortedState = ({ users, contacts, programs }: State) => ({
  users: sorted(users),
  contacts: sorted(contacts),
  programs: sorted(programs),
})
