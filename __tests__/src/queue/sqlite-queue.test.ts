import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from 'waybill/queue/sqlite'
import { testQueue } from 'waybill/testing'

const folder = mkdtempSync(join(tmpdir(), 'waybill-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

testQueue({
  name: 'SQLite',
  clock: 'given',
  async create({ now }) {
    files += 1
    const store = await openSqliteStore({ file: join(folder, `${files}.db`), now, reserveBytes: 0 })
    return store.queue
  },
})
