/**
 * The code blocks of a page of Markdown, in their order, with what is done with each: `sh` is run, `diff` applied, `text`
 * looked for in the output, and a block whose first line names a file (`json waybill.config.json`) becomes that file.
 * `kind` is undefined for any other block.
 */
function blocksOf(page) {
  const kinds = ['sh', 'diff', 'text']
  return [...page.matchAll(/^```(\S*)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language, file, text] = match
    const line = page.slice(0, match.index).split('\n').length
    const kind = file === undefined ? kinds.find((known) => known === language) : 'file'
    return { kind, language, file, text, line }
  })
}

module.exports = { blocksOf }
