import type { Output } from '../terminal'
import { formatCount, formatDuration, plural } from './format'

/** How far a run has come. */
export type ProgressState = {
  readonly name: string
  readonly bytesRead: number
  readonly totalBytes?: number
  readonly events: number
  readonly delivered: number
  readonly failed: number
}

/** Shows how far a run has come: one line that is drawn over on a terminal, a line now and then elsewhere. */
export type Progress = {
  /** Draws the present state. To be called every `intervalMs`. */
  draw(): void
  /** Writes a message of its own line. */
  message(text: string): void
  /** Takes the line away. */
  end(): void
  readonly intervalMs: number
}

const clearLine = '\r\u001b[K'
const barWidth = 20

type Figures = { readonly share?: number; readonly perSecond: number; readonly leftMs?: number }

function figuresOf({ bytesRead, totalBytes, events }: ProgressState, elapsedMs: number): Figures {
  const perSecond = elapsedMs > 0 ? (events * 1000) / elapsedMs : 0
  if (!totalBytes) return { perSecond }
  const share = Math.min(1, bytesRead / totalBytes)
  return {
    share,
    perSecond,
    ...(share > 0.01 && elapsedMs >= 1000 && { leftMs: (elapsedMs * (1 - share)) / share }),
  }
}

function describe(state: ProgressState, { share, perSecond, leftMs }: Figures): string {
  const parts = [
    `${plural(state.events, 'event')} read`,
    `${formatCount(state.delivered)} delivered`,
    ...(state.failed > 0 ? [`${formatCount(state.failed)} failed`] : []),
    `${formatCount(perSecond)}/s`,
    ...(leftMs !== undefined && share !== undefined && share < 1 ? [`${formatDuration(leftMs)} left`] : []),
  ]
  return parts.join('  ')
}

const percent = (share: number) => `${Math.floor(share * 100)} %`.padStart(5)

/** What `cli-progress` does with a terminal, on ours: one line, which is drawn over. */
const lineOf = (output: Output) => ({
  cursorSave: () => undefined,
  cursorRestore: () => undefined,
  cursor: () => undefined,
  cursorTo: () => undefined,
  cursorRelative: () => undefined,
  cursorRelativeReset: () => undefined,
  clearRight: () => undefined,
  clearBottom: () => undefined,
  newline: () => undefined,
  lineWrapping: () => undefined,
  clearLine: () => void output.write(clearLine),
  write: (line: string) => void output.write(`${clearLine}${line}`),
  isTTY: () => true,
  getWidth: () => output.columns,
})

/** Loaded when there is a terminal to draw on. */
const library = () => require('cli-progress') as typeof import('cli-progress')

function createBar(
  output: Output,
  read: () => ProgressState,
  figures: (state: ProgressState) => Figures,
): Progress {
  const { SingleBar, Format, Presets } = library()
  const terminal = lineOf(output)
  const line: import('cli-progress').GenericFormatter = (options) => {
    const state = read()
    const known = figures(state)
    const lead =
      known.share === undefined ? '' : `${Format.BarFormat(known.share, options)} ${percent(known.share)}  `
    return [...`${lead}${describe(state, known)}`].slice(0, output.columns - 1).join('')
  }
  const intervalMs = 100
  const bar = new SingleBar(
    {
      // Not in its types: what it draws on in place of a stream.
      ...{ terminal },
      format: line,
      barsize: barWidth,
      barIncompleteChar: '·',
      gracefulExit: false,
      hideCursor: null,
      linewrap: null,
      clearOnComplete: true,
      forceRedraw: true,
      // Whoever called for the display calls `draw`, too: its own timer hardly ever comes to it.
      fps: 0.001,
    } as import('cli-progress').Options,
    Presets.shades_classic,
  )
  return {
    intervalMs,
    draw: () => (bar.isActive ? bar.render() : bar.start(1, 0)),
    message(text) {
      output.write(`${clearLine}${text}\n`)
      if (bar.isActive) bar.render()
    },
    end: () => (bar.isActive ? bar.stop() : undefined),
  }
}

/** Creates the display for a run that begins now. `read` gives the present state. */
export function createProgress(output: Output, read: () => ProgressState, now: () => number): Progress {
  const start = now()
  const figures = (state: ProgressState) => figuresOf(state, now() - start)
  if (output.isInteractive) return createBar(output, read, figures)

  function writeLine(): void {
    const state = read()
    const known = figures(state)
    const lead = known.share === undefined ? '' : `${percent(known.share).trim()}  `
    output.write(`${state.name}: ${lead}${describe(state, known)}\n`)
  }
  return {
    intervalMs: 10_000,
    draw: writeLine,
    message: (text) => void output.write(`${text}\n`),
    end: () => undefined,
  }
}

/** A display that shows nothing but messages. */
export const silentProgress = (output: Output): Progress => ({
  intervalMs: 60_000,
  draw: () => undefined,
  message: (text) => void output.write(`${text}\n`),
  end: () => undefined,
})
