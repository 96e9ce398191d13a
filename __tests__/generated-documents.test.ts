import { resolve } from 'node:path'
import { runCommandLine } from '../src/cli/command-line'
import { fakeTerminal } from './src/cli/fake-terminal'

const root = resolve(__dirname, '..')

/** Stale? `npm run docs` writes them anew. */
test('the pages, tables and manifest of the destinations are those of the definitions', async () => {
  const { scripts } = require('waybill/package.json') as { scripts: { docs: string } }
  const commands = [...scripts.docs.matchAll(/main\.js ([^&]+)/g)].map(([, words]) =>
    words?.trim().split(' '),
  )
  expect(commands).toHaveLength(2)
  for (const words of commands) {
    const screen = fakeTerminal({ workingDirectory: root })
    const code = await runCommandLine([...(words as string[]), '--check'], screen.terminal)
    expect({ code, said: screen.stderr }).toEqual({
      code: 0,
      said: expect.stringMatching(/^\d files? up to date\n$/),
    })
  }
})
