import { parseName } from '../scaffold/name'
import { missingPackageFiles, setupCommands } from '../scaffold/package-files'
import { findProject, type Project } from '../scaffold/project'
import { destinationFiles } from '../scaffold/read-template'
import { carryOut } from '../scaffold/write-files'
import type { Terminal } from '../terminal'

/** What `waybill new` was asked for. */
export type NewOptions = { readonly dryRun?: boolean }

/** In the repository of waybill every destination is held to the conformance suite by one test. */
const isCovered = (path: string, { kind }: Project): boolean =>
  kind === 'repository' && path.endsWith('/conformance.test.ts')

function nextSteps(slug: string, constant: string, project: Project): string[] {
  const isRepository = project.kind === 'repository'
  return [
    ...setupCommands(project),
    isRepository ? `npx jest ${slug}` : 'npx tsc && npx jest',
    `Read the snapshots: __tests__/destinations/${slug}/__snapshots__`,
    `Change destinations/${slug} into what the vendor's documentation says, the emulator first`,
    ...(isRepository
      ? ['npm run docs', 'npm run check']
      : ['npm run build', `npx waybill docs --destination ./dist/destinations/${slug}/index.js#${constant}`]),
  ]
}

/**
 * `waybill new destination NAME`: a definition with one action, an emulator, tests and a README. Gives the exit code.
 * @throws ConfigurationError INVALID_NAME, FILE_EXISTS, INVALID_CONFIGURATION.
 */
export async function newDestinationCommand(
  name: string,
  options: NewOptions,
  terminal: Terminal,
): Promise<number> {
  const destination = parseName(name, 'destination')
  const project = findProject(terminal.workingDirectory)
  const files = [
    ...missingPackageFiles(project),
    ...destinationFiles(destination).filter(({ path }) => !isCovered(path, project)),
  ]
  const next = nextSteps(destination.kebab, destination.camel, project)
  await carryOut({ files, changes: [], next }, project, options.dryRun === true, terminal)
  return 0
}
