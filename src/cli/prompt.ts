import type { Terminal } from './terminal'

/** Asks a person, one line at a time. */
export type Prompt = {
  /** The line that was typed, without white space around it; the fallback where it is empty or the input has ended. */
  ask(question: string, fallback?: string): Promise<string>
  close(): Promise<void>
}

/** Reads answers from standard input. */
export function createPrompt({ stdin, stdout }: Terminal): Prompt {
  const chunks = stdin.chunks[Symbol.asyncIterator]()
  let pending = ''
  let hasEnded = false

  const readLine = async (): Promise<string> => {
    for (;;) {
      const end = pending.indexOf('\n')
      if (end >= 0 || hasEnded) {
        const line = end >= 0 ? pending.slice(0, end) : pending
        pending = end >= 0 ? pending.slice(end + 1) : ''
        return line.trim()
      }
      const { value, done } = await chunks.next()
      if (done) hasEnded = true
      else pending += value.toString('utf8')
    }
  }

  return {
    async ask(question, fallback = '') {
      await stdout.write(fallback === '' ? `${question}: ` : `${question} [${fallback}]: `)
      return (await readLine()) || fallback
    },
    async close() {
      await chunks.return?.()
    },
  }
}
