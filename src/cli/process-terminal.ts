import type { Output, Terminal } from './terminal'

function outputOf(stream: NodeJS.WriteStream): Output {
  let isClosed = false
  let draining: Promise<void> | undefined
  stream.on('error', () => {
    isClosed = true
  })
  /** All who wait share one promise, and so one listener. */
  const untilDrained = () => {
    draining ??= new Promise((resolve) => {
      const done = () => {
        stream.off('drain', done).off('error', done)
        draining = undefined
        resolve()
      }
      stream.on('drain', done).on('error', done)
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
    onInterrupt(listener) {
      process.on('SIGINT', listener).on('SIGTERM', listener)
      return () => process.off('SIGINT', listener).off('SIGTERM', listener)
    },
  }
  return {
    terminal,
    release() {
      if (isReading) process.stdin.destroy()
    },
  }
}
