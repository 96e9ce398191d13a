const begin = '<!-- waybill:fields -->'
const end = '<!-- /waybill:fields -->'

/** Puts content between the marks of a page, or gives nothing where the page has no such section. */
export function fillSection(page: string, content: string): string | undefined {
  const from = page.indexOf(begin)
  const to = page.indexOf(end, from)
  if (from === -1 || to === -1) return undefined
  return `${page.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${page.slice(to)}`
}
