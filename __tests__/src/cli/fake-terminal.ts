import type { Output, Terminal } from '../../../src/cli/terminal'

type Setup = {
  readonly stdin?: string | Buffer | AsyncIterable<Buffer>
  readonly environment?: Record<string, string>
  readonly workingDirectory?: string
  /** True for a person at the keyboard. */
  readonly isInteractive?: boolean
  readonly columns?: number
}

/** A terminal that keeps what is written and can be interrupted by a test. */
export function fakeTerminal(setup: Setup = {}) {
  const {
    stdin,
    environment = {},
    workingDirectory = process.cwd(),
    isInteractive = false,
    columns = 80,
  } = setup
  const listeners = new Set<() => void>()
  const written = { stdout: '', stderr: '' }
  const outputOf = (name: 'stdout' | 'stderr'): Output => ({
    write(text) {
      written[name] += text
      return undefined
    },
    isInteractive,
    columns,
    isClosed: false,
  })
  async function* chunksOf(): AsyncGenerator<Buffer> {
    if (stdin === undefined) return
    if (typeof stdin === 'string' || Buffer.isBuffer(stdin)) yield Buffer.from(stdin)
    else yield* stdin
  }
  const terminal: Terminal = {
    stdin: { chunks: chunksOf(), isInteractive: stdin === undefined },
    stdout: outputOf('stdout'),
    stderr: outputOf('stderr'),
    environment,
    workingDirectory,
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    terminal,
    get stdout() {
      return written.stdout
    },
    get stderr() {
      return written.stderr
    },
    get listeners() {
      return listeners.size
    },
    interrupt() {
      for (const listener of [...listeners]) listener()
    },
  }
}

/** Waits until something has come true, or the run that should bring it about has ended. */
export async function until(isTrue: () => boolean, run: Promise<unknown>): Promise<void> {
  let isOver = false
  const end = () => {
    isOver = true
  }
  run.then(end, end)
  while (!isOver && !isTrue()) await new Promise(setImmediate)
}
