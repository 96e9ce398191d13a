/**
 * Makes `package.json` what is published: without what speaks of the TypeScript sources, which are not in the package. `--restore` puts back what stood there; npm calls both around `npm pack` and `npm publish`.
 */
const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { dirname, join, resolve } = require('node:path')

const root = resolve(__dirname, '..')
const file = join(root, 'package.json')
const kept = join(root, 'node_modules', '.cache', 'waybill', 'package.json')
const condition = 'waybill-source'

if (process.argv.includes('--restore')) {
  if (existsSync(kept)) writeFileSync(file, readFileSync(kept))
  rmSync(kept, { force: true })
} else {
  const text = readFileSync(file, 'utf8')
  if (text.includes(`"${condition}"`)) {
    mkdirSync(dirname(kept), { recursive: true })
    writeFileSync(kept, text)
    // Neither the condition, nor what a bundler of the sources puts in the place of a file of them.
    const isOfSources = (key) => key === condition || key.startsWith('./src/')
    const content = JSON.parse(text, (key, value) => (isOfSources(key) ? undefined : value))
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
  }
}
