import type { Terminal } from '../terminal'

/** Options by their names, in order; `true` for one without a value. */
export type CommandOptions = Readonly<Record<string, string | number | boolean | undefined>>

const isPlain = /^[\w@%+=:,./-]+$/

/** A word as a POSIX shell reads it. */
const quoted = (word: string): string => (isPlain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

/**
 * A command that a person can copy as it is, called in the way in which this one was: `npx waybill` where npm runs it.
 */
export function commandText(command: string, options: CommandOptions, { environment }: Terminal): string {
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    return value === true ? [`--${name}`] : [`--${name}`, quoted(String(value))]
  })
  const program = environment.npm_command === 'exec' ? 'npx waybill' : 'waybill'
  return [program, command, ...words].join(' ')
}
