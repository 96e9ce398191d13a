import { pipeline, Readable } from 'node:stream'
import { ConfigurationError } from 'waybill'
import { decode } from '../input/decode'
import { InputError } from '../input/input-error'
import type { OpenInput } from '../input/open-input'
import { createEventReader } from '../input/read-events'
import { strictText } from '../input/text-encoding'

/** Somebody in a list. */
export type ListedPerson = {
  readonly userId?: string
  readonly anonymousId?: string
  readonly email?: string
}

/** A line of the list that names nobody. */
export type UnreadablePerson = { readonly line: number; readonly problem: string }

type Fields = Readonly<Record<string, unknown>>

/** The spellings under which lists name people. */
const names: Readonly<Record<keyof ListedPerson, readonly string[]>> = {
  userId: ['userId', 'user_id', 'userid', 'id'],
  anonymousId: ['anonymousId', 'anonymous_id', 'anonymousid'],
  email: ['email', 'e-mail', 'mail'],
}

const text = (fields: Fields, property: keyof ListedPerson): string | undefined => {
  for (const name of names[property]) {
    const value = fields[name] ?? fields[name.toUpperCase()]
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
    if (typeof value === 'number') return String(value)
  }
  return undefined
}

/** The id by which a person is known from one list to the next. */
export const personId = ({ userId, anonymousId }: ListedPerson): string =>
  userId === undefined ? `anonymous:${anonymousId}` : `user:${userId}`

/** Reads a person, or says why there is none. */
function personOf(fields: Fields): ListedPerson | string {
  const userId = text(fields, 'userId')
  const anonymousId = text(fields, 'anonymousId')
  const email = text(fields, 'email')
  if (userId === undefined && anonymousId === undefined) return 'neither userId nor anonymousId'
  if (`${userId}${anonymousId}`.includes('\0')) return 'an id holds a NUL character, which no store keeps'
  return {
    ...(userId !== undefined && { userId }),
    ...(anonymousId !== undefined && { anonymousId }),
    ...(email !== undefined && { email }),
  }
}

type Read = { readonly fields: Fields; readonly line: number }

async function* readNdjson(
  input: OpenInput,
  onProblem: (problem: UnreadablePerson) => void,
): AsyncGenerator<Read> {
  const reader = createEventReader(input.chunks, {
    onMalformed: ({ line, problem }) => onProblem({ line, problem }),
  })
  for await (const batch of reader.batches) for (const fields of batch) yield { fields, line: reader.line }
}

async function* readCsv(input: OpenInput): AsyncGenerator<Read> {
  const { parse } = require('csv-parse') as typeof import('csv-parse')
  const parser = parse({
    bom: true,
    columns: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: 1_000_000,
  })
  // An error of the input ends the parser too: it comes out of the loop below.
  pipeline(Readable.from(strictText(decode(input.chunks))), parser, () => undefined)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Fields; info: { lines: number } }>)
      yield { fields: record, line: info.lines }
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `${input.name} is not CSV: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

/**
 * Reads the people of a list: NDJSON with `userId` or `anonymousId`, or CSV with these as names of columns, both also
 * gzipped. `isCsv` decides; lines that name nobody are told and passed over.
 * @throws ConfigurationError INVALID_CONFIGURATION for what is no CSV, InputError where the input breaks off or is no UTF-8.
 */
export async function readPeople(
  input: OpenInput,
  isCsv: boolean,
  onProblem: (problem: UnreadablePerson) => void,
): Promise<Map<string, ListedPerson>> {
  const people = new Map<string, ListedPerson>()
  for await (const { fields, line } of isCsv ? readCsv(input) : readNdjson(input, onProblem)) {
    const person = personOf(fields)
    if (typeof person === 'string') onProblem({ line, problem: person })
    else people.set(personId(person), person)
  }
  return people
}
