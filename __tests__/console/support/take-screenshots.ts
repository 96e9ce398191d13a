// Writes a picture of every screen to docs/console: `node --conditions=waybill-source -r __tests__/support/register-typescript.js __tests__/console/support/take-screenshots.ts`.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser, openPage } from './browser'
import { startWorld } from './console-world'
import { keepBusy, startTroubledWorld } from './show-world'

const folder = resolve(__dirname, '../../../docs/console')
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const
const themes = ['light', 'dark'] as const
const busyMs = Number(process.env.BUSY_MS ?? 300_000)

type Picture = {
  readonly name: string
  readonly url: string
  prepare?(page: Page, isWide: boolean): Promise<unknown>
}

const mended = `{
  "action": "purchase",
  "order_id": { "@path": "$.properties.orderId" },
  "total": { "@path": "$.properties.total" },
  "identifiers": { "user_id": { "@path": "$.userId" } },
  "timestamp": { "@path": "$.timestamp" },
  "message_id": { "@path": "$.messageId" }
}`
const missing = mended.replace('properties.orderId', 'properties.order_id')
const order = `{
  "type": "track",
  "messageId": "m-7f2e1c",
  "userId": "user_fe50babd5f06",
  "event": "Order Completed",
  "timestamp": "2026-01-15T14:09:11.204Z",
  "properties": {
    "orderId": "order_4b8e29c0e2",
    "total": "176.57",
    "currency": "USD"
  }
}`

async function write(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: label }).focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
}

const tester = (mapping: string, sends: boolean) => async (page: Page, isWide: boolean) => {
  await page.locator('.cm-content').first().waitFor()
  await write(page, 'Event', order)
  await write(page, 'Mapping', mapping)
  await page.getByLabel('Filter (FQL)').fill('type = "track" and event = "Order Completed"')
  await page.waitForTimeout(900)
  if (sends) await page.getByRole('button', { name: 'Send to emulator' }).click()
  if (!isWide) await page.getByRole('button', { name: 'Result' }).click()
  await page.waitForTimeout(800)
}

async function take(): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const browser = await launchBrowser()
  const empty = await startWorld({
    connections: [
      { name: 'Zendesk Connect', slug: 'zendesk-connect' },
      { name: 'Emarsys', slug: 'emarsys' },
      { name: 'Zaius', slug: 'zaius' },
    ],
  })
  const world = await startTroubledWorld()
  const stop = new AbortController()
  const busy = keepBusy(world, stop.signal)
  await new Promise((done) => setTimeout(done, busyMs))
  const json = async (path: string) => (await fetch(`${world.url}${path}`)).json()
  const groups = ((await json('/api/dead/groups')) as { groups: { id: string; connection: string }[] }).groups
  const group = (groups.find(({ connection }) => connection === 'Zaius') ?? groups[0])?.id
  const rows = (
    (await json('/api/outcomes?kind=retry&limit=50')) as { items: { messageId: string; type: string }[] }
  ).items
  const event = (rows.find(({ type }) => type === 'track') ?? rows[0])?.messageId
  const pictures: Picture[] = [
    { name: 'first', url: empty.url },
    { name: 'overview', url: `${world.url}/?range=15m` },
    { name: 'connection', url: `${world.url}/c/Zendesk%20Connect` },
    { name: 'live', url: `${world.url}/live`, prepare: (page) => page.waitForTimeout(2_500) },
    { name: 'event', url: `${world.url}/e/${event}` },
    {
      name: 'dead',
      url: `${world.url}/dead?group=${group}`,
      async prepare(page, isWide) {
        await page.evaluate(() =>
          fetch('/api/configuration/reload', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{}',
          }),
        )
        await page.getByRole('checkbox', { name: /Select all/ }).check()
        if (!isWide) return
        await page.getByRole('button', { name: 'Check a replay' }).click()
        await page.getByText('would be sent now').waitFor()
      },
    },
    {
      name: 'tester',
      url: `${world.url}/test?destination=zaius&action=orderEvent`,
      prepare: tester(missing, false),
    },
    {
      name: 'tester-sent',
      url: `${world.url}/test?destination=zaius&action=orderEvent`,
      prepare: tester(mended, true),
    },
    { name: 'vendors', url: `${world.url}/vendors/zaius` },
  ]
  for (const { name, url, prepare } of pictures)
    for (const viewport of sizes)
      for (const colorScheme of themes) {
        const { page } = await openPage(browser, url, { viewport, colorScheme })
        await page.waitForFunction(
          () => document.querySelector('.skeleton') === null && document.querySelector('main') !== null,
        )
        await page.waitForTimeout(700)
        await prepare?.(page, viewport.width > 760)
        await page.screenshot({ path: `${folder}/${name}-${viewport.width}-${colorScheme}.png` })
        await page.context().close()
      }
  stop.abort()
  await busy
  await browser.close()
  await world.close()
  await empty.close()
}

take().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
