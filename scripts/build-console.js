// Builds the browser application into dist/console: one page, its script and styles, the editor in a part of its own.
const { readFileSync, writeFileSync, mkdirSync, rmSync } = require('node:fs')
const { join, basename } = require('node:path')
const { build } = require('esbuild')

const root = join(__dirname, '..')
/** Where to: the argument, or dist/console. */
const output = process.argv[2] ?? join(root, 'dist', 'console')

async function buildConsole() {
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })
  const { metafile } = await build({
    entryPoints: { main: join(root, 'console/src/main.tsx'), styles: join(root, 'console/styles/index.css') },
    outdir: output,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2022'],
    minify: true,
    metafile: true,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    conditions: ['waybill-source'],
    logLevel: 'warning',
    legalComments: 'none',
  })
  let page = readFileSync(join(root, 'console/index.html'), 'utf8').replace(/\n\s*/g, '')
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint === undefined) continue
    if (entryPoint.endsWith('main.tsx')) page = page.replace('/main.js', `/${basename(file)}`)
    if (entryPoint.endsWith('index.css')) page = page.replace('/styles.css', `/${basename(file)}`)
  }
  writeFileSync(join(output, 'index.html'), page)
}

buildConsole().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
