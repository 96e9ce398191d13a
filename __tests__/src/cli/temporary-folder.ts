import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder that is removed after the tests of the file. Contents that are no text are written as JSON. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    path: (name: string) => join(folder, name),
    write(name: string, content: unknown): string {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      const isRaw = typeof content === 'string' || Buffer.isBuffer(content)
      writeFileSync(path, isRaw ? (content as string) : JSON.stringify(content))
      return path
    },
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
  }
}
