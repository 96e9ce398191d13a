/** The host of an address; a text that is no address stays as it is. */
export function hostname(text: string): string {
  try {
    return new URL(text).hostname || text
  } catch {
    return text
  }
}
