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
const partial = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

function bar(share: number): string {
  const eighths = Math.round(Math.min(1, share) * barWidth * 8)
  const filled = '█'.repeat(Math.floor(eighths / 8)) + (partial[eighths % 8] ?? '')
  return filled.padEnd(barWidth, '·')
}

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

/** Creates the display for a run that begins now. `read` gives the present state. */
export function createProgress(output: Output, read: () => ProgressState, now: () => number): Progress {
  const start = now()
  const figures = (state: ProgressState) => figuresOf(state, now() - start)

  function drawBar(): void {
    const state = read()
    const known = figures(state)
    const lead = known.share === undefined ? '' : `${bar(known.share)} ${percent(known.share)}  `
    const line = `${lead}${describe(state, known)}`
    output.write(`${clearLine}${[...line].slice(0, output.columns - 1).join('')}`)
  }

  function writeLine(): void {
    const state = read()
    const known = figures(state)
    const lead = known.share === undefined ? '' : `${percent(known.share).trim()}  `
    output.write(`${state.name}: ${lead}${describe(state, known)}\n`)
  }

  if (!output.isInteractive)
    return {
      intervalMs: 10_000,
      draw: writeLine,
      message: (text) => void output.write(`${text}\n`),
      end: () => undefined,
    }
  return {
    intervalMs: 100,
    draw: drawBar,
    message(text) {
      output.write(`${clearLine}${text}\n`)
      drawBar()
    },
    end: () => void output.write(clearLine),
  }
}

/** A display that shows nothing but messages. */
export const silentProgress = (output: Output): Progress => ({
  intervalMs: 60_000,
  draw: () => undefined,
  message: (text) => void output.write(`${text}\n`),
  end: () => undefined,
})
