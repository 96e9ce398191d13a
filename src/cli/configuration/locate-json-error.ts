/** Where a text stops being JSON, both counted from 1. */
export type TextPosition = { readonly line: number; readonly column: number }

const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in texts
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y
const blank = /[ \t\r\n]*/y

/** Thrown to leave the recursion at the first mistake. */
const stop = Symbol('stop')

function firstError(text: string): number {
  let at = 0
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }
  const expect = (isFound: boolean): void => {
    if (!isFound) throw stop
  }
  const token = (character: string): boolean => {
    skip(blank)
    if (text[at] !== character) return false
    at += 1
    return true
  }
  const members = (end: string, member: () => void): void => {
    if (token(end)) return
    do member()
    while (token(','))
    expect(token(end))
  }
  const value = (): void => {
    if (token('{'))
      members('}', () => {
        skip(blank)
        expect(skip(string))
        expect(token(':'))
        value()
      })
    else if (token('[')) members(']', value)
    else expect(skip(string) || skip(literal))
  }
  try {
    value()
    skip(blank)
  } catch (error) {
    if (error !== stop) throw error
  }
  return at
}

/**
 * Finds the place in a text that `JSON.parse` refused. The parser's own message does not always tell, and quotes
 * the text, which may hold secrets.
 */
export function locateJsonError(text: string): TextPosition {
  const before = text.slice(0, firstError(text))
  const line = before.split('\n').length
  return { line, column: before.length - before.lastIndexOf('\n') }
}
