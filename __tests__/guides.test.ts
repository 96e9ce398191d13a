import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setupCommands } from '../src/cli/scaffold/package-files'

type Block = { readonly kind?: string; readonly text: string }
const { blocksOf } = require('../scripts/guide-blocks') as { blocksOf(page: string): Block[] }

const read = (guide: string): string =>
  readFileSync(join(resolve(__dirname, '..'), 'docs', `${guide}.md`), 'utf8')

/** `npm run check:package` follows these, block by block, in an empty folder with the packed package. */
const guides = [
  'write-a-destination',
  'test-a-destination',
  'run',
  'configuration',
  'migrate-from-actions-core',
]

test.each(guides)('every code block of the guide %s is one that is executed', (guide) => {
  const blocks = blocksOf(read(guide))
  expect(blocks.filter(({ kind }) => kind === undefined)).toEqual([])
  expect(read(guide).match(/^\s*```/gm)).toHaveLength(2 * blocks.length)
})

test('the guide installs what waybill new says that a package lacks', () => {
  const commands = setupCommands({
    root: '',
    kind: 'package',
    packageJson: { dependencies: { waybill: '1' } },
  })
  const shell = blocksOf(read('write-a-destination')).filter(({ kind }) => kind === 'sh')
  expect(shell.map(({ text }) => text)).toContain(`${commands.join('\n')}\n`)
})
