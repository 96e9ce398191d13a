import type { Command } from 'commander'
import { ConfigurationError } from 'waybill'
import type { Terminal } from '../terminal'

/** The shells that a script can be written for. */
export const shells = ['bash', 'zsh', 'fish'] as const

/** What can be typed after each command: `''` for the program itself. */
type Words = ReadonlyMap<string, readonly string[]>

function wordsOf(program: Command): Words {
  const words = new Map<string, readonly string[]>()
  const open: { readonly command: Command; readonly path: string }[] = [{ command: program, path: '' }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { command, path } = next
    const options = command.options.flatMap(({ long, short }) => long ?? short ?? [])
    words.set(path, [...command.commands.map((each) => each.name()), ...options])
    for (const each of command.commands) open.push({ command: each, path: `${path} ${each.name()}`.trim() })
  }
  return words
}

/** The longest chain of command words before the cursor decides; files are offered where nothing else fits. */
const bashFunction = (words: Words): string => `_waybill() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
${[...words.keys()]
  .filter((path) => path !== '')
  .map((path) => `      "${path.includes(' ') ? path : ` ${path}`}") command="${path}" ;;`)
  .join('\n')}
    esac
  done
  case "$command" in
${[...words].map(([path, each]) => `    "${path}") COMPREPLY=($(compgen -W "${each.join(' ')}" -- "$current")) ;;`).join('\n')}
  esac
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _waybill waybill
`

const fishScript = (words: Words): string =>
  `${[...words]
    .flatMap(([path, each]) => {
      const names = [...words.keys()].filter((key) => key !== '' && !key.includes(' ')).join(' ')
      const condition =
        path === ''
          ? `not __fish_seen_subcommand_from ${names}`
          : path
              .split(' ')
              .map((word) => `__fish_seen_subcommand_from ${word}`)
              .join('; and ')
      return each.map((word) =>
        word.startsWith('--')
          ? `complete -c waybill -n '${condition}' -l ${word.slice(2)}`
          : `complete -c waybill -n '${condition}' -a ${word.replace(/^-/, '')}`,
      )
    })
    .join('\n')}
`

const scripts: Readonly<Record<(typeof shells)[number], (words: Words) => string>> = {
  bash: bashFunction,
  zsh: (words) => `autoload -U +X bashcompinit && bashcompinit\n${bashFunction(words)}`,
  fish: fishScript,
}

/**
 * `waybill completion SHELL`: prints a script that completes commands and options. Gives the exit code.
 * @throws ConfigurationError INVALID_NAME for a shell that it does not know.
 */
export async function completionCommand(
  shell: string,
  program: Command,
  terminal: Terminal,
): Promise<number> {
  const write = Object.hasOwn(scripts, shell) ? scripts[shell as (typeof shells)[number]] : undefined
  if (write === undefined)
    throw new ConfigurationError(
      'INVALID_NAME',
      `there is no completion for "${shell}"; give ${shells.join(', ')}`,
    )
  await terminal.stdout.write(write(wordsOf(program)))
  return 0
}
