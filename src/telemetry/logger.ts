/** What lines about connections are written with: `pino`, the console and Segment's own logger fit. */
export type Logger = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

export type LogLevel = keyof Logger

/** A line about something of the whole process has no connection. */
export type LogLine = {
  readonly level: LogLevel
  readonly message: string
  readonly connection?: string
  readonly code?: string
  readonly [field: string]: unknown
}

const maxLinesAMinute = 10

/**
 * Writes at most ten lines a minute for each connection, whatever the load; what was left out is counted in the next
 * line as `suppressed`. Every text goes through `redact`.
 */
export function createLog(
  logger: Logger,
  redact: (text: string) => string = (text) => text,
  now: () => number = Date.now,
): (line: LogLine) => void {
  const windows = new Map<string, { startedAt: number; written: number; suppressed: number }>()
  return ({ level, message, ...fields }) => {
    const key = fields.connection ?? ''
    const time = now()
    let window = windows.get(key)
    if (window === undefined || time - window.startedAt >= 60_000 || time < window.startedAt) {
      window = { startedAt: time, written: 0, suppressed: window?.suppressed ?? 0 }
      windows.set(key, window)
    }
    if (window.written >= maxLinesAMinute) {
      window.suppressed += 1
      return
    }
    window.written += 1
    const clean = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? redact(value) : value,
      ]),
    )
    logger[level](
      window.suppressed > 0 ? { ...clean, suppressed: window.suppressed } : clean,
      redact(message),
    )
    window.suppressed = 0
  }
}

/** A logger that writes each line as one JSON object. */
export const createJsonLogger = (
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): Logger => {
  const at = (level: LogLevel) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    write(`${JSON.stringify({ time: now().toISOString(), level, message, ...fields })}\n`)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
