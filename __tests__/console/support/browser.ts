import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { builtFolder } from './console-world'

const executable = process.env.CHROMIUM ?? '/usr/bin/chromium'
const isInstalled = existsSync(executable)
if (!isInstalled && (process.env.CI || process.env.WAYBILL_REQUIRE_CHROMIUM))
  throw new Error(`the tests of the console need Chromium: there is none at ${executable}`)
if (!isInstalled)
  console.warn(`skipped: the console's browser tests need Chromium (${executable}, or CHROMIUM)`)

/** Tests that need a browser: skipped where there is none, but never on CI. */
export const describeInBrowser = (
  isInstalled ? globalThis.describe : globalThis.describe?.skip
) as jest.Describe

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Builds the page where it is not built yet, and starts the browser with a fresh profile. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(join(builtFolder, 'index.html')))
    execFileSync(process.execPath, [resolve(__dirname, '../../../scripts/build-console.js')])
  return chromium.launch({ executablePath: executable, args: flags })
}

/** What a page did that it must not: errors, reports of its policy, requests to other origins. */
export type Watched = { readonly page: Page; readonly faults: string[] }

/** Opens a page and watches it. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  const { origin } = new URL(url)
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) faults.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      faults.push(`request to ${request.url()}`)
  })
  await page.goto(url)
  return { page, faults }
}

/** Pixels that a page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
