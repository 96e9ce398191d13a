import { redirectedTo } from './file-identity'
import type { Output, Terminal } from './terminal'

function outputOf(stream: NodeJS.WriteStream): Output {
  let isClosed = false
  let draining: Promise<void> | undefined
  const close = () => {
    isClosed = true
  }
  stream.on('error', close).on('close', close)
  /** All who wait share one promise, and so one listener. */
  const untilDrained = () => {
    draining ??= new Promise((resolve) => {
      const done = () => {
        stream.off('drain', done).off('error', done).off('close', done)
        draining = undefined
        resolve()
      }
      stream.on('drain', done).on('error', done).on('close', done)
    })
    return draining
  }
  return {
    write(text) {
      if (isClosed || stream.write(text)) return undefined
      return untilDrained()
    },
    get isInteractive() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns ?? 80
    },
    get isClosed() {
      return isClosed
    },
  }
}

const standardStreams = [
  ['standard input', 0],
  ['standard output', 1],
] as const

const redirections = () =>
  standardStreams.flatMap(([name, descriptor]) => {
    const identity = redirectedTo(descriptor)
    return identity === undefined ? [] : [{ name, identity }]
  })

/** The terminal of the running process. `release` lets go of standard input, so that the process can end. */
export function processTerminal(): { readonly terminal: Terminal; release(): void } {
  let isReading = false
  const terminal: Terminal = {
    stdin: {
      get chunks() {
        isReading = true
        return process.stdin as AsyncIterable<Buffer>
      },
      get isInteractive() {
        return process.stdin.isTTY === true
      },
    },
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    environment: process.env,
    workingDirectory: process.cwd(),
    get redirections() {
      return redirections()
    },
    onInterrupt(listener) {
      process.on('SIGINT', listener).on('SIGTERM', listener)
      // A terminal that closes may send it twice, from the shell and from the system: the second changes nothing.
      process.once('SIGHUP', listener).on('SIGHUP', () => undefined)
      return () => process.off('SIGINT', listener).off('SIGTERM', listener).off('SIGHUP', listener)
    },
  }
  return {
    terminal,
    release() {
      if (isReading) process.stdin.destroy()
    },
  }
}
