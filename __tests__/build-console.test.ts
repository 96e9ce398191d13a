import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const folder = mkdtempSync(join(tmpdir(), 'waybill-console-'))
const sizeOf = (file: string): number => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length

beforeAll(() => {
  execFileSync(process.execPath, [resolve(__dirname, '../scripts/build-console.js'), folder])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the first screen needs at most 60 KB, all of the console at most 200 KB', () => {
  const files = readdirSync(folder)
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const script = readFileSync(join(folder, files.find((name) => name.startsWith('main-')) as string), 'utf8')
  // What the page names, and what its script imports at once; parts that are imported on demand are not the first screen.
  const first = files.filter(
    (name) => name === 'index.html' || page.includes(name) || script.includes(`from"./${name}"`),
  )
  const sum = (names: readonly string[]) => names.reduce((bytes, name) => bytes + sizeOf(name), 0)
  expect(first.length).toBeGreaterThanOrEqual(3)
  expect(first.some((name) => name.startsWith('editor'))).toBe(false)
  expect(sum(first)).toBeLessThanOrEqual(60_000)
  expect(sum(files)).toBeLessThanOrEqual(200_000)
})

test('the page holds no inline script or style, and names nothing of another origin', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  expect(page).not.toMatch(/<script(?![^>]*src=)|<style|style=|onload=/)
  expect(page.match(/(?:src|href)="(?!\/|data:)[^"]*"/g)).toBeNull()
})
