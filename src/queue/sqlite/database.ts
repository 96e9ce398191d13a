import { QueueError } from '../../errors'

/** A value that SQLite keeps as it is. */
export type SqlValue = string | number | null
export type SqlRow = readonly SqlValue[]

export type Statement = {
  /** All rows; nothing is left half read. */
  all(...values: readonly SqlValue[]): SqlRow[]
  /** The number of rows that were changed. */
  run(...values: readonly SqlValue[]): number
}

/** One connection to a file. */
export type Database = {
  /** Prepared once and kept. */
  sql(text: string): Statement
  /** Statements without values. */
  exec(text: string): void
  /** All of it or nothing. The function is synchronous: what it awaits would not be part of it. */
  transaction<T>(work: () => T): T
  close(): void
}

// As far as it is used here. The binding ends the whole process when it meets a value of another kind (exit code 134), cuts
// texts at U+0000, ignores surplus values and loses writes when a cursor is left half read. So this file is the only one that
// touches it.
type Binding = {
  prepare(text: string): {
    readonly reader: boolean
    raw(): unknown
    all(values: readonly SqlValue[]): SqlRow[]
    run(values: readonly SqlValue[]): { changes: number }
  }
  exec(text: string): void
  close(): void
  readonly inTransaction: boolean
}

function checkValues(text: string, count: number, values: readonly unknown[]): void {
  if (values.length !== count)
    throw new TypeError(`the statement takes ${count} values, not ${values.length}: ${text}`)
  values.forEach((value, index) => {
    const isKept =
      value === null ||
      (typeof value === 'string' && !value.includes('\0')) ||
      (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER)
    if (!isKept)
      throw new TypeError(
        `value ${index + 1} is no text without U+0000, no finite number within 2^53 and not null, but ${typeof value}: ${text}`,
      )
  })
}

const withoutTexts = (text: string): string => text.replace(/'(?:[^']|'')*'/g, '')

/** How many values a statement takes: `?` each one, `?3` at least three. */
function countValues(text: string): number {
  const places = [...withoutTexts(text).matchAll(/\?(\d*)/g)].map((place) => Number(place[1]))
  return places.some((place) => place > 0) ? Math.max(...places) : places.length
}

/** Errors of SQLite as errors of the queue; others are bugs and stay as they are. */
function queueError(error: unknown, file: string): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (code.startsWith('SQLITE_FULL'))
    return new QueueError('QUEUE_FULL', `the disk of ${file} is full`, { cause: error })
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new QueueError(
      'QUEUE_UNAVAILABLE',
      `another program keeps ${file} locked; end what has it open, or try again`,
      {
        cause: error,
      },
    )
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new QueueError(
      'QUEUE_UNAVAILABLE',
      `${file} is no store, or it is damaged: ${message}. Name another file, or restore a copy.`,
      { cause: error },
    )
  if (code.startsWith('SQLITE_') || message.startsWith('ConnectionFailed'))
    return new QueueError('QUEUE_UNAVAILABLE', `${file} cannot be used: ${message}`, { cause: error })
  return error
}

/**
 * Opens a file, or makes it. Readers may not write; busy files are waited for 200 ms.
 * @throws QueueError QUEUE_UNAVAILABLE
 */
export function openDatabase(file: string, options: { readonly readOnly?: boolean } = {}): Database {
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw queueError(error, file)
    }
  }
  const Libsql = require('libsql') as new (file: string) => Binding
  const binding = guarded(() => new Libsql(file))
  const statements = new Map<string, Statement>()

  function prepare(text: string): Statement {
    const count = countValues(text)
    const statement = guarded(() => binding.prepare(text))
    if (statement.reader) statement.raw()
    return {
      all(...values) {
        checkValues(text, count, values)
        return guarded(() => statement.all(values))
      },
      run(...values) {
        checkValues(text, count, values)
        return guarded(() => statement.run(values).changes)
      },
    }
  }

  const database: Database = {
    sql(text) {
      const known = statements.get(text)
      if (known !== undefined) return known
      const statement = prepare(text)
      statements.set(text, statement)
      return statement
    },
    exec: (text) => guarded(() => binding.exec(text)),
    transaction(work) {
      guarded(() => binding.exec('BEGIN IMMEDIATE'))
      try {
        const result = work()
        guarded(() => binding.exec('COMMIT'))
        return result
      } catch (error) {
        // A full disk rolls back by itself; a second ROLLBACK would hide the cause.
        if (binding.inTransaction) guarded(() => binding.exec('ROLLBACK'))
        throw error
      }
    },
    close() {
      statements.clear()
      binding.close()
    },
  }
  database.exec(`PRAGMA busy_timeout = 200; PRAGMA query_only = ${options.readOnly ? 1 : 0}`)
  return database
}
