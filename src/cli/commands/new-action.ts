import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from 'waybill'
import { didYouMean } from '../configuration/nearest'
import { type Name, parseName } from '../scaffold/name'
import { findProject, type Project } from '../scaffold/project'
import { actionFiles, type NewFile } from '../scaffold/read-template'
import { type Registration, register } from '../scaffold/register'
import { carryOut, type Plan } from '../scaffold/write-files'
import type { Terminal } from '../terminal'
import type { NewOptions } from './new-destination'

function requireDestination(slug: string, { root }: Project): void {
  const folder = join(root, 'destinations')
  const there = existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'index.ts')))
    : []
  if (there.includes(slug)) return
  const known = there.length === 0 ? 'there is none yet' : `there are ${there.join(', ')}`
  throw new ConfigurationError(
    'UNKNOWN_DESTINATION',
    `there is no destinations/${slug}/index.ts${didYouMean(slug, there)}; ${known}; \`waybill new destination\` makes one`,
  )
}

/** A file with one registration more; nothing where there is no such file, or one of another layout. */
function changed(root: string, path: string, registration: Registration): NewFile | undefined {
  if (!existsSync(join(root, path))) return undefined
  const text = register(readFileSync(join(root, path), 'utf8'), registration)
  return text === undefined ? undefined : { path, text }
}

/** Where a destination has no `api.ts` that gives addresses, the action names the whole address. */
function withOwnAddress({ path, text }: NewFile, destination: Name): NewFile {
  return {
    path,
    text: text
      .replace("import { address } from '../api'\n", '')
      .replace(
        '{ payload: { message_id, ...body }, settings, idem',
        '{ payload: { message_id, ...body }, idem',
      )
      .replace(/address\(settings, '([^']+)'\)/, `'https://api.${destination.kebab}.example$1'`),
  }
}

const hasAddress = (root: string, folder: string): boolean =>
  existsSync(join(root, folder, 'api.ts')) &&
  /export const address\b/.test(readFileSync(join(root, folder, 'api.ts'), 'utf8'))

function planAction(destination: Name, action: Name, project: Project): Plan {
  const folder = `destinations/${destination.kebab}`
  const files = actionFiles(destination, action)
  const definition = hasAddress(project.root, folder)
    ? files.definition
    : withOwnAddress(files.definition, destination)
  const index = changed(project.root, `${folder}/index.ts`, {
    name: action.camel,
    from: `./actions/${action.kebab}`,
    list: 'actions: {',
    entry: action.camel,
  })
  const emulator = changed(project.root, `${folder}/emulator/index.ts`, {
    name: `check${action.pascal}`,
    from: `./check-${action.kebab}`,
    list: 'const checks: Record<string, Check> = {',
    entry: `'/v1/${action.kebab}': check${action.pascal}`,
  })
  const isTested = index !== undefined && emulator !== undefined
  return {
    files: isTested ? [definition, files.check, files.test] : [definition],
    changes: [index, emulator].filter(
      (file) => file !== undefined && (isTested || file === index),
    ) as NewFile[],
    next: [
      ...(index === undefined
        ? [
            `Import ${action.camel} from './actions/${action.kebab}' in ${folder}/index.ts, and list it in "actions"`,
          ]
        : []),
      ...(isTested ? [] : [`Teach ${folder}/emulator what the vendor takes and refuses, and write a test`]),
      `Change ${definition.path} into what the vendor's documentation says`,
      `Add a preset to ${folder}/index.ts if connections are to use it by default`,
      `npx jest ${destination.kebab}`,
      ...(project.kind === 'repository' ? ['npm run docs'] : []),
    ],
  }
}

/**
 * `waybill new action DESTINATION NAME`: a further action, listed in the destination's index, and with a test where the
 * emulator is laid out as `waybill new destination` makes it. Gives the exit code.
 * @throws ConfigurationError INVALID_NAME, UNKNOWN_DESTINATION, FILE_EXISTS, INVALID_CONFIGURATION.
 */
export async function newActionCommand(
  destinationName: string,
  actionName: string,
  options: NewOptions,
  terminal: Terminal,
): Promise<number> {
  const destination = parseName(destinationName, 'destination')
  const action = parseName(actionName, 'action')
  if (action.camel === destination.camel)
    throw new ConfigurationError(
      'INVALID_NAME',
      'the action has the name of its destination; say what it does',
    )
  const project = findProject(terminal.workingDirectory)
  requireDestination(destination.kebab, project)
  await carryOut(planAction(destination, action, project), project, options.dryRun === true, terminal)
  return 0
}
