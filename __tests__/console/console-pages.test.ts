import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { describeInBrowser, launchBrowser, openPage, overflowOf } from './support/browser'
import { startWorld, type World } from './support/console-world'
import { startTroubledWorld } from './support/show-world'

jest.setTimeout(180_000)

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
let browser: Browser
let world: World

type Violation = {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** Findings of axe, WCAG 2.2 AA, in words. The policy of the page forbids scripts of others: axe comes by the debugger. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> }
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    return (await axe.run({ runOnly: { type: 'tag', values: tags } })).violations
  })
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`),
  )
}

describeInBrowser('every page of the console', () => {
  let group = ''
  let event = ''

  beforeAll(async () => {
    browser = await launchBrowser()
    world = await startTroubledWorld()
    await world.send(
      Array.from({ length: 120 }, (_, index) => ({
        type: 'track',
        event: index % 3 === 0 ? 'Order Completed' : 'Product Viewed',
        messageId: `m-${index}`,
        userId: `user-${index % 20}`,
        properties:
          index % 6 === 0
            ? { orderId: `o-${index}` }
            : { order_id: `o-${index}`, product_id: 'p-1', total: '12.5' },
      })),
    )
    for (let turn = 0; turn < 100 && (await world.store.queue.dead.count({})) < 20; turn++)
      await new Promise((done) => setTimeout(done, 100))
    const response = await fetch(`${world.url}/api/dead/groups`)
    group = ((await response.json()) as { groups: { id: string }[] }).groups[0]?.id ?? ''
    event = 'm-1'
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  const places = (): Record<string, string> => ({
    overview: '/',
    lanes: '/c/Zendesk%20Connect',
    outcomes: '/c/Zaius/outcomes',
    subscriptions: '/c/Zaius/subscriptions',
    settings: '/c/Zaius/settings',
    credentials: '/c/Zaius/credentials',
    paused: '/c/CRM%20staging',
    live: '/live',
    dead: `/dead?group=${group}`,
    event: `/e/${event}`,
    'no such event': '/e/nobody',
    'no such connection': '/c/Zaiuss',
    'no such page': '/nowhere',
    tester: '/test?destination=zaius&action=orderEvent',
    vendors: '/vendors/zendesk-connect',
  })

  const settle = (page: Page) =>
    page.waitForFunction(
      () => document.querySelector('.skeleton') === null && document.querySelector('main') !== null,
    )

  test.each(['light', 'dark'] as const)('axe finds nothing (%s)', async (colorScheme) => {
    const found: string[] = []
    const { page, faults } = await openPage(browser, world.url, { colorScheme })
    for (const [name, path] of Object.entries(places())) {
      await page.goto(`${world.url}${path}`)
      await settle(page)
      await page.waitForTimeout(400)
      for (const finding of await findings(page)) found.push(`${name}: ${finding}`)
    }
    expect(found).toEqual([])
    expect(faults).toEqual([])
    await page.context().close()
  })

  test.each([320, 390, 768, 1_024])('nothing scrolls sideways at %i pixels', async (width) => {
    const { page } = await openPage(browser, world.url, { viewport: { width, height: 844 } })
    const wide: string[] = []
    for (const [name, path] of Object.entries(places())) {
      await page.goto(`${world.url}${path}`)
      await settle(page)
      await page.waitForTimeout(200)
      if ((await overflowOf(page)) > 0) wide.push(name)
    }
    expect(wide).toEqual([])
    await page.context().close()
  })
})

describeInBrowser('very many lanes', () => {
  test('100,000 lanes: scrolled to the end, one found and opened, few rows in the document', async () => {
    browser = await launchBrowser()
    world = await startWorld({ connections: [{ name: 'Connect', slug: 'zendesk-connect' }] })
    world.runtime.pause('Connect', 'ada')
    const receivedAt = Date.now()
    const deliveryOf = (index: number) => ({
      event: { type: 'track', event: 'Home', messageId: `m-${index}`, userId: `user_${index}` },
      connection: 'Connect',
      subscription: 'Track Event',
      idempotencyKey: `m-${index}`,
      attempt: 0,
      receivedAt: receivedAt + index,
      firstAttemptAt: 0,
      history: [],
      person: `user_${index}`,
    })
    for (let start = 0; start < 100_000; start += 5_000)
      await world.store.queue.put(Array.from({ length: 5_000 }, (_, index) => deliveryOf(start + index)))
    const { page, faults } = await openPage(browser, `${world.url}/c/Connect`)
    await page.getByText('100,000 lanes').waitFor({ timeout: 60_000 })
    const table = page.getByRole('region', { name: 'Lanes', exact: true }).last()
    await table.evaluate((element) => {
      element.scrollTop = 8_000
    })
    await page.getByText('user_225', { exact: true }).first().waitFor({ timeout: 30_000 })
    expect(await page.locator('tbody tr').count()).toBeLessThan(60)
    await page.getByLabel('User or anonymous id').fill('user_99999')
    await page.getByText('1 lane', { exact: true }).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'user_99999' }).click()
    await page.getByText('1 event waits', { exact: false }).waitFor()
    expect(faults).toEqual([])
    await world.close()
    await browser.close()
  })
})
