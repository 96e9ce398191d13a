/** A value in short, as JSON; cut at `width` characters. */
export function formatValue(value: unknown, width: number): string {
  const text = value === undefined ? '–' : (JSON.stringify(value) ?? String(value))
  return clip(text, width)
}

/** A text cut to a width. */
export function clip(text: string, width: number): string {
  const characters = [...text]
  return characters.length <= width ? text : `${characters.slice(0, Math.max(1, width - 1)).join('')}…`
}
