import type { Client } from 'pg'
import type { Wake } from '../wake'
import { loadPg } from './connect'
import type { PostgresOptions } from './postgres-options'

/** Notifications are gathered for so long: one in each commit would put the commits of all writers in a line. */
const debounceMs = 50

/** Tells other workers that there may be work, and hears them, on a connection of its own that is made anew when it breaks. */
export function createNotifications(
  { url, tls }: PostgresOptions,
  schema: string,
  wake: Wake,
): { tell(): void; close(): Promise<void> } {
  const { Client: PgClient } = loadPg()
  const channel = `waybill_${schema}`.slice(0, 63)
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let again: NodeJS.Timeout | undefined
  let isClosed = false

  async function listen(): Promise<void> {
    const next = new PgClient({
      ...(url !== undefined && { connectionString: url }),
      ...(tls !== undefined && { ssl: tls }),
      application_name: 'waybill notifications',
      connectionTimeoutMillis: 5000,
    })
    const lose = () => {
      if (client === next) client = undefined
      next.end().catch(() => undefined)
      if (isClosed || again !== undefined) return
      again = setTimeout(() => {
        again = undefined
        void listen()
      }, 500)
      again.unref()
    }
    next.on('error', lose)
    next.on('end', lose)
    next.on('notification', () => wake.wake())
    try {
      await next.connect()
      await next.query(`LISTEN "${channel.replaceAll('"', '""')}"`)
      client = next
      wake.wake()
      if (isClosed) await next.end()
    } catch {
      lose()
    }
  }
  void listen()

  return {
    tell() {
      wake.wake()
      if (isClosed) return
      timer ??= setTimeout(() => {
        timer = undefined
        client?.query('SELECT pg_notify($1, $2)', [channel, '']).catch(() => undefined)
      }, debounceMs)
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      clearTimeout(again)
      await client?.end().catch(() => undefined)
    },
  }
}
