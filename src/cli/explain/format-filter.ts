import type { FilterTrace, SubscriptionExplanation } from 'waybill'
import { clip, formatValue } from './format-value'
import type { Palette } from './palette'

type Line = { readonly lead: string; readonly mark: string; readonly text: string; readonly note: string }

const longestValue = 40
const leastWidth = 20

/** A filter with its verdict and, below it, each comparison with what it met. */
export function formatFilter(
  { text, matches, trace, error }: SubscriptionExplanation['filter'],
  palette: Palette,
  columns: number,
): string[] {
  const head = `filter ${matches ? palette.good('matches') : palette.bad('does not match')}`
  if (error !== undefined) return [head, `  ${text}`, `  ${palette.bad(`it fails on this event: ${error}`)}`]
  if (trace === undefined) return [head, `  ${text}`]
  const lines = linesOf(trace, 1)
  const widest = Math.max(...lines.map((line) => line.lead.length + line.text.length))
  return [
    head,
    ...lines.map(({ lead, mark, text: part, note }) => {
      const room = Math.max(leastWidth, Math.min(widest, columns - note.length - 6)) - lead.length
      const shown = clip(part, room)
      const space = ' '.repeat(Math.max(0, room - shown.length))
      return `${lead}${colored(mark, palette)} ${shown}${note === '' ? '' : `${space}   ${palette.dim(note)}`}`
    }),
  ]
}

const titles = { and: 'all of', or: 'any of', not: 'not' } as const

function linesOf(trace: FilterTrace, depth: number): Line[] {
  const { kind, result, operands = [] } = trace
  const lead = '  '.repeat(depth)
  const mark = result === undefined ? '·' : result ? '✓' : '✗'
  if (operands.length === 0 || kind === 'compare' || kind === 'value')
    return [{ lead, mark, text: trace.text, note: noteOf(trace) }]
  return [
    { lead, mark, text: titles[kind], note: '' },
    ...operands.flatMap((operand) => linesOf(operand, depth + 1)),
  ]
}

/** What a comparison met; nothing where it says so itself. */
function noteOf({ text, result, met = [] }: FilterTrace): string {
  if (result === undefined) return 'not looked at'
  return met
    .filter(({ value }) => !(result && text.endsWith(` = ${JSON.stringify(value)}`)))
    .map((read) => `${read.text} is ${formatValue(read.value, longestValue)}`)
    .join(', ')
}

const colored = (mark: string, palette: Palette): string =>
  mark === '·' ? palette.dim(mark) : mark === '✓' ? palette.good(mark) : palette.bad(mark)
