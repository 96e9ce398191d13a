import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ours, theirs } from '../support/both-cores'

type Exports = Record<string, unknown>

const folder = join(__dirname, '../../node_modules/@segment/actions-core')
const { exports: published } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>
}

/** Every module that the reference exports, patterns written out. */
const modules = Object.keys(published).flatMap((path) =>
  path.endsWith('/*')
    ? readdirSync(join(folder, 'dist/cjs', path.slice(0, -1)))
        .filter((file) => file.endsWith('.js'))
        .map((file) => path.replace('*', file.slice(0, -'.js'.length)))
    : [path],
)

const valuesOf = (name: string): Exports => require(name)

/** The names of every module of the newest version that the registry has. */
function newestNames(): Record<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-newest-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
    // The package needs liquidjs without saying so.
    execFileSync('npm', [...install, '@segment/actions-core@latest', 'liquidjs'], {
      cwd: folder,
      stdio: 'ignore',
    })
    const program = `
      const names = {}
      for (const path of ${JSON.stringify(modules)})
        names[path] = Object.keys(require('@segment/actions-core' + path.slice(1)))
      console.log(JSON.stringify(names))`
    return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.env.WAYBILL_LONG)
  test('the newest published version has no name that we lack', () => {
    const missing = Object.entries(newestNames()).flatMap(([path, names]) => {
      const own = valuesOf(`waybill/actions-core${path.slice(1)}`)
      return names.filter((name) => name !== '__esModule' && !(name in own)).map((name) => `${path} ${name}`)
    })
    expect(missing).toEqual([])
  })

/** What the sources of 3.177 have, which is not published yet. */
test.each([
  [
    'audience-membership',
    ['resolveAudienceMembership', 'engageAudienceMembership', 'retlAudienceMembership'],
  ],
  ['audience-membership', ['legacyJourneysAudienceMembership']],
  ['destination-kit/action', ['Action', 'AsyncAction', 'MultiStatusResponse']],
  ['flags', ['FLAGS']],
  ['remove-empty-values', ['removeEmptyValues']],
  ['get', ['get']],
  ['retry', ['retry']],
])('%s has the names of later versions', (path, names) => {
  expect(Object.keys(valuesOf(`waybill/actions-core/${path}`))).toEqual(expect.arrayContaining(names))
})

test.each(modules)('%s has every value of the reference, of the same type', (path) => {
  const expected = valuesOf(`@segment/actions-core${path.slice(1)}`)
  const actual = valuesOf(`waybill/actions-core${path.slice(1)}`)
  const types = (values: Exports) =>
    Object.fromEntries(Object.keys(expected).map((key) => [key, typeof values[key]]))
  expect(types(actual)).toEqual(types(expected))
})

test('destinations may import the modules that they import of the reference', () => {
  const { HTTPError } = valuesOf('waybill/actions-core/request-client')
  expect(HTTPError).toBe(ours.HTTPError)
  expect(valuesOf('waybill/actions-core/errors').IntegrationError).toBe(ours.IntegrationError)
  expect(valuesOf('waybill/actions-core/create-request-client').default).toBe(ours.createRequestClient)
  expect(valuesOf('waybill/actions-core/index').Destination).toBe(ours.Destination)
})

test.each(['ErrorCodes', 'HttpErrorCodes', 'CustomErrorCodes', 'DEFAULT_REQUEST_TIMEOUT'] as const)(
  '%s holds the same',
  (name) => {
    expect(ours[name]).toEqual(theirs[name])
  },
)

test('every flag of the reference is known', () => {
  expect(ours.FLAGS).toMatchObject(theirs.FLAGS)
})

test('every status has the same code', () => {
  for (let status = 0; status < 700; status++)
    expect(ours.getErrorCodeFromHttpStatus(status)).toBe(theirs.getErrorCodeFromHttpStatus(status))
})

const errors = (core: typeof theirs) => [
  new core.IntegrationError('message', 'CODE', 422),
  new core.RetryableError('message'),
  new core.RetryableError(),
  new core.RetryableError('message', 429),
  new core.InvalidAuthenticationError('message'),
  new core.InvalidAuthenticationError('message', core.ErrorCodes.OAUTH_REFRESH_FAILED as never),
  new core.PayloadValidationError('message'),
  new core.InvalidAudienceMembershipError('message'),
  new core.APIError('message', 418),
  new core.SelfTimeoutError('message'),
  new core.RequestTimeoutError(),
  new core.HTTPError(
    new core.Response('', { status: 404, statusText: 'Not Found' }),
    {} as never,
    {} as never,
  ),
]

test('errors say the same', () => {
  const describe = (error: Error) => ({
    name: error.name,
    text: String(error),
    json: JSON.stringify(error),
    keys: Object.keys(error),
    firstLine: error.stack?.split('\n')[0],
    isIntegrationError: error instanceof ours.IntegrationError || error instanceof theirs.IntegrationError,
  })
  expect(errors(ours).map(describe)).toEqual(errors(theirs).map(describe))
})

test('a class of the caller may extend an error', () => {
  const thrown = [ours, theirs].map((core) => {
    class OwnError extends core.IntegrationError {}
    const error = new OwnError('message', 'CODE', 400)
    return [error.name, error instanceof OwnError, error instanceof core.IntegrationError, error.status]
  })
  expect(thrown[0]).toEqual(thrown[1])
})

test('destinations and actions have the same members', () => {
  const definition = {
    name: 'Members',
    mode: 'cloud',
    authentication: { scheme: 'custom', fields: {} },
    onDelete: () => undefined,
    actions: { act: { title: 'Act', description: '', fields: {}, hooks: {}, perform: () => undefined } },
  }
  const membersOf = (value: object): string[] => {
    const names = new Set<string>()
    for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at))
      for (const name of Object.getOwnPropertyNames(at)) names.add(name)
    return [...names]
  }
  const internal = [
    '_onDelete',
    'afterResponse',
    'extractFieldContextAndHandler',
    'fillMultiStatusResponse',
    'parseResponse',
  ]
  const [mine, reference] = [ours, theirs].map((core) => new core.Destination(definition as never))
  for (const part of ['destination', 'action'] as const) {
    const [actual, expected] = [mine, reference].map((each) =>
      membersOf(part === 'action' ? each!.actions.act! : each!),
    )
    expect(actual).toEqual(expect.arrayContaining(expected!.filter((name) => !internal.includes(name))))
  }
})
