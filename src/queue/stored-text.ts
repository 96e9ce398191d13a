const marker = '\u0001'

/**
 * A text as databases can keep it: they cut or refuse U+0000, and make U+FFFD of half a surrogate pair, so that two
 * different ids would become one. Nearly all texts stay as they are.
 */
export const toStoredText = (text: string): string =>
  text.startsWith(marker) || text.includes('\0') || /\p{Surrogate}/u.test(text)
    ? marker + JSON.stringify(text).slice(1, -1)
    : text

export const fromStoredText = (text: string): string =>
  text.startsWith(marker) ? (JSON.parse(`"${text.slice(1)}"`) as string) : text
