import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { testProblems, typeProblems } from '../../../../src/cli/dev/check-package'
import { createFreshLoader } from '../../../../src/cli/dev/load-fresh'
import { loadPackage } from '../../../../src/cli/dev/load-package'

let root: string

const definition = (path: string): string => `
import { path } from './path'
type Body = { readonly who?: string }
export const acme = {
  name: 'Acme Mail',
  slug: 'acme-mail',
  mode: 'cloud',
  authentication: { scheme: 'custom', fields: { apiKey: { label: 'Key', description: 'Key', type: 'password', required: true } } },
  actions: {
    send: {
      title: 'Send',
      description: 'Sends.',
      defaultSubscription: 'type = "track"',
      fields: { who: { label: 'Who', description: 'Who', type: 'string', required: true, default: { '@path': '${path}' } } },
      perform: (request: (url: string, options: object) => unknown, { payload }: { payload: Body }) =>
        request('https://acme.example' + path, { method: 'post', json: payload }),
    },
  },
}
`
const write = (text: string): void => writeFileSync(join(root, 'destinations/acme/index.ts'), text)

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'waybill-dev-'))
  mkdirSync(join(root, 'destinations/acme'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"name":"acme"}')
  writeFileSync(join(root, 'destinations/acme/path.ts'), "export const path: string = '/send'\n")
  write(definition('$.userId'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('what cannot be loaded is told with its file, and the others are there', () => {
  mkdirSync(join(root, 'destinations/broken'))
  writeFileSync(
    join(root, 'destinations/broken/index.ts'),
    "export const actions = {\nthrow new Error('boom')\n",
  )
  const { destinations, problems } = loadPackage(root, createFreshLoader(root))
  expect([...destinations.keys()]).toEqual(['acme-mail'])
  expect(problems).toMatchObject([{ file: 'destinations/broken/index.ts', kind: 'load' }])
})

/** Runs `waybill dev` as a person would: modules are loaded by Node itself, not by the test runner. */
async function runDev(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const repository = resolve(__dirname, '../../../..')
  const register = join(repository, '__tests__/support/register-typescript.js')
  const main = join(repository, 'src/cli/main.ts')
  const child = spawn(process.execPath, [
    '--conditions=waybill-source',
    '-r',
    register,
    main,
    'dev',
    root,
    '--no-open',
    '--no-checks',
    '--port',
    '0',
  ])
  let output = ''
  const take = (chunk: Buffer): void => {
    output += chunk.toString()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  for (let turn = 0; turn < 400 && !output.includes('/test'); turn++)
    await new Promise((done) => setTimeout(done, 50))
  const url = /Tester: (\S+)\/test/.exec(output)?.[1]
  if (url === undefined) throw new Error(output)
  return {
    url,
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    },
  }
}

test('a save is there at the next call; one that does not load is told, and what was there before stays', async () => {
  const { url, stop } = await runDev()
  const ask = async (): Promise<unknown> => {
    const response = await fetch(`${url}/api/actions/acme-mail/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event: { type: 'track', userId: 'ada', anonymousId: 'visitor' } }),
    })
    const { subscriptions } = (await response.json()) as {
      subscriptions: { requests: { url: string; body: string }[] }[]
    }
    const [request] = subscriptions[0]?.requests ?? []
    return [request?.url, JSON.parse(request?.body ?? '{}')]
  }
  type State = { readonly loadedAt: string; readonly problems: readonly object[] }
  const state = async (): Promise<State> => (await (await fetch(`${url}/api/dev`)).json()) as State
  const reloadedAfter = async (change: () => void): Promise<void> => {
    const { loadedAt } = await state()
    change()
    for (let turn = 0; turn < 100 && (await state()).loadedAt === loadedAt; turn++)
      await new Promise((done) => setTimeout(done, 50))
  }
  try {
    expect(await ask()).toEqual(['https://acme.example/send', { who: 'ada' }])
    await reloadedAfter(() => write(definition('$.anonymousId')))
    expect(await ask()).toEqual(['https://acme.example/send', { who: 'visitor' }])
    await reloadedAfter(() =>
      writeFileSync(join(root, 'destinations/acme/path.ts'), "export const path: string = '/other'\n"),
    )
    expect(await ask()).toEqual(['https://acme.example/other', { who: 'visitor' }])
    await reloadedAfter(() => write('export const acme = { actions: '))
    expect((await state()).problems).toMatchObject([{ file: 'destinations/acme/index.ts', kind: 'load' }])
    expect(await ask()).toEqual(['https://acme.example/other', { who: 'visitor' }])
  } finally {
    await stop()
  }
})

test('what tsc and jest print becomes problems with file and line', () => {
  expect(
    typeProblems("src/index.ts(3,5): error TS2322: Type 'string' is not assignable.\nFound 1 error."),
  ).toEqual([
    { file: 'src/index.ts', line: 3, message: "TS2322: Type 'string' is not assignable.", kind: 'types' },
  ])
  const printed = JSON.stringify({
    testResults: [
      {
        name: '/p/a.test.ts',
        assertionResults: [
          { status: 'passed', fullName: 'fine' },
          {
            status: 'failed',
            fullName: 'Acme send',
            failureMessages: ['\u001b[31mexpect\u001b[39m\n- Snapshot\n+ Received\n-  "a"\n+  "b"'],
          },
        ],
      },
    ],
  })
  expect(testProblems(`noise ${printed} more`, '/p')).toEqual([
    { file: 'a.test.ts', kind: 'snapshot', message: 'Acme send: -  "a" ⏎ +  "b"' },
  ])
})
