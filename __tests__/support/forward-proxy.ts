import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A real proxy on loopback, in a process of its own, since its package is a module that jest does not load. */
export type ForwardProxy = {
  /** With user and password. */
  readonly url: string
  /** `CONNECT host:port`, or the method and the whole address. */
  readonly requests: readonly string[]
  clear(): void
  close(): Promise<void>
}

const program = `
import { Server } from 'proxy-chain'
const [user, password] = process.argv.slice(1)
const server = new Server({
  port: 0,
  host: '127.0.0.1',
  prepareRequestFunction: ({ request, username, password: given }) => {
    const isRight = user === username && password === given
    if (isRight) console.log(request.method + ' ' + request.url)
    return { requestAuthentication: !isRight }
  },
})
await server.listen()
console.log('port ' + server.port)
process.stdin.resume().on('end', () => process.exit())
`

/** Starts a proxy that wants a user and a password. */
export async function startForwardProxy({
  user,
  password,
}: {
  user: string
  password: string
}): Promise<ForwardProxy> {
  const requests: string[] = []
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, user, password], {
    cwd: join(__dirname, '..', '..'),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the proxy did not start')))
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('port ')) resolve(line.slice(5))
      else requests.push(line)
    })
  })
  return {
    url: `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    requests,
    clear() {
      requests.length = 0
    },
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.stdin.end()
      }),
  }
}
