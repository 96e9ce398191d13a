import { execFileSync } from 'node:child_process'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'

const script = async (shell: string) => {
  const screen = fakeTerminal()
  return {
    code: await runCommandLine(['completion', shell], screen.terminal),
    ...{ stdout: screen.stdout, stderr: screen.stderr },
  }
}

/** What bash offers after these words. */
const offered = (source: string, ...words: string[]): string[] =>
  execFileSync(
    'bash',
    [
      '-c',
      `${source}\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\n_waybill\nprintf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      'waybill',
      ...words,
    ],
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n')

describe('waybill completion', () => {
  test('completes commands, their own commands and their options in bash', async () => {
    const { code, stdout } = await script('bash')
    expect(code).toBe(0)
    expect(offered(stdout, 'ru')).toEqual(['run'])
    expect(offered(stdout, 'run', '--dead')).toEqual(['--dead-letters'])
    expect(offered(stdout, 'new', 'act')).toEqual(['action'])
    expect(offered(stdout, 'new', 'action', '--d')).toEqual(['--dry-run'])
  })

  test('knows zsh and fish, and names the shells it knows', async () => {
    expect((await script('zsh')).stdout).toContain('bashcompinit')
    expect((await script('fish')).stdout).toContain(
      "complete -c waybill -n '__fish_seen_subcommand_from run' -l input",
    )
    expect(await script('tcsh')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('give bash, zsh, fish'),
    })
  })
})
