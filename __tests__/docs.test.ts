import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { errorTable } from 'waybill'

const root = resolve(__dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const pages = ['README.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]

const blocks = (page: string, language: string): string[] =>
  [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] as string,
  )

const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

/** Runs a program as it stands on the page; imports become requires, since tests are CommonJS. */
async function runExample(source: string): Promise<unknown[]> {
  const printed: unknown[] = []
  const body = source.replace(/^import (\{[^}]+\}) from '([^']+)'$/gm, "const $1 = require('$2')")
  await new AsyncFunction('require', 'console', body)(require, {
    log: (value: unknown) => printed.push(value),
  })
  return printed
}

test('the program of the README delivers an event to the emulator', async () => {
  const printed = await runExample(blocks('README.md', 'js')[0] as string)
  expect(printed).toEqual([['Identify User: delivered', 'Track Event: skipped', 'Alias User: skipped']])
})

test('the destination of the README is complete and sends its request', async () => {
  const printed = await runExample(blocks('README.md', 'js')[1] as string)
  expect(printed).toMatchObject([[{ kind: 'delivered', action: 'trackEvent', status: 200 }]])
})

test('the configuration of the README is part of the one of the examples', () => {
  const shown = JSON.parse(blocks('README.md', 'json')[0] as string) as { connections: unknown[] }
  expect(shown.connections).not.toEqual([])
  expect(JSON.parse(read('examples/waybill.config.json'))).toEqual({
    ...shown,
    connections: expect.arrayContaining(shown.connections),
  })
})

test('the commands of the README are scripts of the package, and CI calls the one for tests', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const [, script] of read('README.md').matchAll(/npm run ([\w:]+)/g))
    expect(Object.keys(scripts)).toContain(script)
  expect(read('README.md')).toMatch(/^npm ci && npm run check$/m)
  expect(read('.ci/run')).toContain('README.md')
})

test('the page of errors and the table of codes agree', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)].map(
    ([, code, meaning]) => [code, meaning],
  )
  expect(Object.fromEntries(rows)).toEqual(errorTable)
})

test.each(pages)('every link of %s leads to a file', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] as string)
  expect(links.filter((link) => !existsSync(resolve(root, dirname(page), link)))).toEqual([])
})
