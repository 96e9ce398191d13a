import type { FieldTrace, NodeTrace } from 'waybill'
import { clip, formatValue } from './format-value'
import type { Palette } from './palette'

const longestKey = 28
const longestValue = 36

type Mark = 'filled' | 'empty' | 'wrong' | 'part'
type Row = { readonly mark: Mark; readonly key: string; readonly value: string; readonly from: string }

/**
 * One line per field: its value and how the mapping came to it; below it what was coerced, dropped or refused. Of an
 * event that is invalid, the values are those of the mapping.
 */
export function formatFields(
  fields: readonly FieldTrace[],
  isInvalid: boolean,
  palette: Palette,
  columns: number,
): string[] {
  const rows = fields.flatMap((field) => rowsOf(field, isInvalid))
  const keyWidth = Math.min(longestKey, widest(rows.map(({ key }) => key)))
  const room = columns - keyWidth - 8
  const valueWidth = Math.min(Math.floor(room * 0.45), widest(rows.map(({ value }) => value)))
  return rows.map(({ mark, key, value, from }) => {
    const cells = [padded(key, keyWidth), padded(value, valueWidth)]
    return `  ${marks[mark](palette)} ${cells.join('  ')}  ${palette.dim(clip(from, room - valueWidth))}`.trimEnd()
  })
}

const marks: Readonly<Record<Mark, (palette: Palette) => string>> = {
  filled: ({ good }) => good('✓'),
  empty: ({ dim }) => dim('·'),
  wrong: ({ bad }) => bad('✗'),
  part: () => ' ',
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map((text) => [...text].length))

function padded(text: string, width: number): string {
  const shown = clip(text, width)
  return shown + ' '.repeat(width - [...shown].length)
}

function rowsOf(field: FieldTrace, isInvalid: boolean): Row[] {
  const { key, mapping, changes, problems, isRequired } = field
  const value = isInvalid ? mapping?.output : field.value
  const own = changes.filter(({ path }) => path === key)
  const isEmpty = value === undefined || value === null
  return [
    {
      mark: problems.length > 0 ? 'wrong' : isEmpty ? 'empty' : 'filled',
      key: isRequired ? `${key} *` : key,
      value: formatValue(value, longestValue),
      from: [...own.map(changeText), fromText(mapping)].join(', '),
    },
    ...changes.filter(({ path }) => path !== key).map(partRow),
    ...problems.map(
      ({ path, expected, received }): Row => ({
        mark: 'part',
        key: path === key ? '' : path,
        value: '',
        from: expected === 'required' ? 'required, but missing' : `must be ${expected}, is ${received}`,
      }),
    ),
  ]
}

const partRow = (change: FieldTrace['changes'][number]): Row => ({
  mark: 'part',
  key: change.path,
  value: change.kind === 'dropped' ? '–' : formatValue(change.to, longestValue),
  from: changeText(change),
})

/** Where a value comes from, or that it is not there. */
function fromText(mapping: NodeTrace | undefined): string {
  if (mapping === undefined) return 'not mapped'
  const { directive, text, output, error } = mapping
  if (error !== undefined) return `${error} ← ${text}`
  if (output === undefined) return `not in the event ← ${text}`
  return directive === 'constant' ? 'fixed' : `← ${text}`
}

const changeText = ({ kind, from, reason }: FieldTrace['changes'][number]): string =>
  kind === 'dropped' ? reason : `was ${formatValue(from, 24)}, ${reason}`
