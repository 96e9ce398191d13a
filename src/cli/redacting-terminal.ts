import type { Redact } from 'waybill'
import type { Output, Terminal } from './terminal'

/** Shorter values would hide numbers of reports; outcomes hide them by themselves. */
const minimumLength = 4

/** A terminal whose outputs show no secret that it was told of. */
export function redactingTerminal(terminal: Terminal): Terminal {
  let secrets: readonly string[] = []
  let redact: Redact | undefined
  const hiding = (output: Output): Output => ({
    write: (text) => output.write(redact === undefined ? text : redact.text(text)),
    get isInteractive() {
      return output.isInteractive
    },
    get columns() {
      return output.columns
    },
    get isClosed() {
      return output.isClosed
    },
  })
  return {
    ...terminal,
    stdout: hiding(terminal.stdout),
    stderr: hiding(terminal.stderr),
    hide(more) {
      const { createRedact } = require('waybill') as typeof import('waybill')
      secrets = [...new Set([...secrets, ...more.filter(({ length }) => length >= minimumLength)])]
      redact = secrets.length === 0 ? undefined : createRedact(secrets)
    },
  }
}
