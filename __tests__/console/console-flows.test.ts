import type { Browser } from 'playwright-core'
import type { SegmentEvent } from 'waybill'
import { describeInBrowser, launchBrowser, openPage } from './support/browser'
import { startWorld, type World } from './support/console-world'

jest.setTimeout(90_000)

let browser: Browser
let world: World | undefined

const orders = (count: number, make: (index: number) => object): SegmentEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    type: 'track',
    event: 'Order Completed',
    messageId: `order-${String(index).padStart(4, '0')}`,
    userId: `user-${index % 7}`,
    timestamp: '2026-01-15T14:09:11.204Z',
    properties: make(index) as Record<string, unknown>,
  }))

const mapping = (path: string) => ({
  action: 'purchase',
  order_id: { '@path': path },
  total: { '@path': '$.properties.total' },
  identifiers: { user_id: { '@path': '$.userId' } },
  timestamp: { '@path': '$.timestamp' },
  message_id: { '@path': '$.messageId' },
})
const zaius = (path = '$.properties.order_id') => ({
  name: 'Zaius',
  slug: 'zaius',
  subscriptions: [{ name: 'Orders', action: 'orderEvent', filter: 'type = "track"', mapping: mapping(path) }],
})

describeInBrowser('the console in a browser', () => {
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await world?.close()
    world = undefined
  })
  afterAll(() => browser.close())

  test('the first event: an empty page goes on by itself, and the event shows its journey', async () => {
    world = await startWorld({ connections: [zaius()] })
    const { page, faults } = await openPage(browser, world.url)
    await page.getByRole('heading', { name: 'Nothing has arrived yet.' }).waitFor()
    expect(await page.locator('pre').innerText()).toContain(`curl ${world.url}/v1/track`)
    await world.send(orders(1, () => ({ order_id: 'o-1', total: 25 })))
    await page.getByRole('heading', { name: 'The connection delivers.' }).waitFor({ timeout: 5_000 })
    await page.goto(`${world.url}/live`)
    await page.getByRole('link', { name: 'Order Completed' }).click()
    await page.getByText('delivered to one').waitFor()
    await page.getByText('Delivered,').waitFor()
    await page.getByText('POST /v3/events').first().click()
    await page.getByText('Secrets are masked').waitFor()
    expect(await page.locator('.exchange').innerText()).not.toContain('waybill-test')
    expect(faults).toEqual([])
  })

  test('a wrong key: seen at once, lanes are held, mended, and everything arrives once and in order', async () => {
    let key = 'f'.repeat(32)
    const connections = () => [{ name: 'Connect', slug: 'zendesk-connect', settings: { apiKey: key } }]
    world = await startWorld({ connections: connections(), reload: () => connections() })
    const { page, faults } = await openPage(browser, world.url)
    const events = Array.from({ length: 12 }, (_, index) => ({
      type: 'track',
      event: `Step ${String(index).padStart(2, '0')}`,
      messageId: `step-${index}`,
      userId: 'ada',
      properties: {},
    }))
    const sentAt = Date.now()
    await world.send(events)
    await page.getByText('Connect refuses the private key').waitFor({ timeout: 3_000 })
    expect(Date.now() - sentAt).toBeLessThan(3_000)
    await page.getByRole('link', { name: 'Open', exact: true }).click()
    await page.getByText('The credentials are refused, so nothing is sent').waitFor()
    await page.getByText('12 events wait', { exact: false }).first().waitFor()
    expect(await page.getByText('VENDOR_KEY').count()).toBeGreaterThan(0)
    key = '0'.repeat(32)
    await page.getByRole('button', { name: 'Reload configuration' }).click()
    await page.getByText('Nothing waits.').waitFor({ timeout: 20_000 })
    const { emulator } = (
      world.vendors.get('zendesk-connect') as {
        inspection: { emulator: { requests: readonly { status?: number; body: Buffer }[] } }
      }
    ).inspection
    const arrived = emulator.requests
      .filter(({ status }) => status === 200)
      .flatMap(({ body }) => body.toString().match(/Step \d\d/g) ?? [])
    expect(arrived).toEqual(events.map(({ event }) => event))
    expect(faults).toEqual([])
  })

  test('a vendor that asks to wait: the countdown, then the delivery', async () => {
    world = await startWorld({ connections: [zaius()] })
    world.vendors.get('zaius')?.inspection?.emulator.fault({ status: 429, retryAfter: 4, body: {} })
    await world.send(orders(1, () => ({ order_id: 'o-1', total: 1 })))
    const { page } = await openPage(browser, `${world.url}/e/order-0000`)
    await page.getByText(/Next try in \d/).waitFor()
    await page.getByText('Asked to wait').waitFor()
    await page.getByText('Delivered,').waitFor({ timeout: 15_000 })
  })

  test('dead letters: a check predicts exactly what a replay does; a drop asks; a changed number is refused', async () => {
    let path = '$.properties.order_id'
    world = await startWorld({ connections: [zaius(path)], reload: () => [zaius(path)] })
    await world.send(
      orders(312, (index) =>
        index % 22 === 0 && index < 308 ? { total: 1 } : { orderId: `o-${index}`, total: 1 },
      ),
    )
    const { page, faults } = await openPage(browser, `${world.url}/dead`)
    await page
      .getByRole('heading', { name: '312 events ended without being delivered.' })
      .waitFor({ timeout: 15_000 })
    await page.getByText('no order_id, but properties.orderId').first().waitFor()
    path = '$.properties.orderId'
    await page.evaluate(() =>
      fetch('/api/configuration/reload', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
    )
    await page.getByRole('button', { name: /Order ID/ }).click()
    await page.getByRole('checkbox', { name: /Select all 312/ }).check()
    await page.getByText('every event of this reason, not only those shown').waitFor()
    await page.getByRole('button', { name: 'Check a replay' }).click()
    await page.getByText('298 of 312 would be sent now.').waitFor()
    expect(world.vendors.get('zaius')?.inspection?.emulator.requests.length).toBe(0)
    expect(await page.locator('.verdicts').innerText()).toMatch(/stay invalid[\s\S]*14/)
    await page.getByRole('button', { name: 'Replay 298' }).click()
    await page.getByText('298 events were put back.').waitFor({ timeout: 15_000 })
    await page
      .getByRole('heading', { name: '14 events ended without being delivered.' })
      .waitFor({ timeout: 15_000 })
    const accepted = () =>
      world?.vendors.get('zaius')?.inspection?.emulator.requests.filter(({ status }) => status === 202)
        .length ?? 0
    for (let turn = 0; turn < 100 && accepted() === 0; turn++) await page.waitForTimeout(50)
    await page.getByRole('checkbox', { name: /Select all 14/ }).check()
    await page.getByRole('button', { name: 'Drop…' }).click()
    const confirm = page.getByRole('button', { name: 'Drop 14' })
    expect(await confirm.isDisabled()).toBe(true)
    await page.getByPlaceholder('Type 14').fill('14')
    // Somebody else is faster.
    const { letters } = await world.store.queue.dead.list({}, { limit: 1 })
    await world.store.queue.dead.drop({ ids: [letters[0]?.id as string] })
    await confirm.click()
    await page.getByText('There are 13 now, not 14 as you saw.', { exact: false }).waitFor()
    expect(await world.store.queue.dead.count({})).toBe(13)
    expect(faults).toEqual([])
  })

  test('the tester: broken JSON, a filter, a missing field, and an event at the emulator', async () => {
    world = await startWorld({ connections: [zaius()] })
    const { page, faults } = await openPage(
      browser,
      `${world.url}/test?destination=zendesk-connect&action=identifyUser`,
    )
    const result = page.getByRole('region', { name: 'Result' })
    const editor = page.getByRole('textbox', { name: 'Event' })
    const write = async (text: string) => {
      await editor.focus()
      await page.keyboard.press('Control+A')
      await page.keyboard.insertText(text)
    }
    await result.getByText('Would be sent as').waitFor({ timeout: 15_000 })
    await write('{ "type": "identify", ')
    await result.getByText('The event is not JSON').waitFor()
    await write(
      '{ "type": "identify", "messageId": "t-1", "userId": "grace", "traits": { "email": "grace@example.com" } }',
    )
    await result.getByText('Would be sent as 1 request').waitFor()
    await page.getByLabel('Filter (FQL)').fill('type = "page"')
    await result.getByText('Skipped: the filter does not match.').waitFor()
    await page.getByLabel('Filter (FQL)').fill('type = "identify"')
    await result.getByText('Would be sent as 1 request').waitFor()
    expect(await page.getByRole('button', { name: 'Send to emulator' }).isEnabled()).toBe(true)
    await page.keyboard.press('Control+Enter')
    await result.getByText('Sent as 1 request').waitFor()
    await page.waitForFunction(() => location.hash.length > 20)
    await page.goto(`${world.url}/vendors/zendesk-connect`)
    await page.getByRole('button', { name: 'grace', exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  test('a server that stops and starts: the page says so, and comes back to the same place', async () => {
    world = await startWorld({ connections: [zaius()] })
    await world.send(orders(1, () => ({ order_id: 'o-1', total: 1 })))
    const { page } = await openPage(browser, `${world.url}/live`)
    await page.getByRole('link', { name: 'Order Completed' }).waitFor()
    const { port } = new URL(world.url)
    await world.stopListening()
    await page.getByText('Not live since', { exact: false }).waitFor({ timeout: 10_000 })
    await world.listen(Number(port))
    await page.getByText('Not live since', { exact: false }).waitFor({ state: 'detached', timeout: 15_000 })
    expect(new URL(page.url()).pathname).toBe('/live')
    await page.getByRole('link', { name: 'Order Completed' }).waitFor()
  })

  test('tokens: a wrong one, the reading one sees and changes nothing, values stay hidden', async () => {
    world = await startWorld({
      connections: [zaius()],
      access: { tokens: { operate: 'operate-1', read: 'read-1' }, payloads: false },
    })
    await world.send(orders(1, () => ({ order_id: 'secret-order', total: 1 })))
    const { page, faults } = await openPage(browser, world.url)
    const field = page.getByLabel('Token')
    await field.fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This is not a token of this console.').waitFor()
    await field.fill('read-1')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('You can read here; changes need the token to operate.').waitFor()
    await page.getByText('Values of events are hidden here', { exact: false }).waitFor()
    await page.goto(`${world.url}/c/Zaius`)
    await page.getByRole('link', { name: 'Settings' }).waitFor()
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0)
    await page.goto(`${world.url}/e/order-0000`)
    await page.getByText('‹text›').first().waitFor()
    expect(await page.content()).not.toContain('secret-order')
    expect(await page.content()).not.toContain('user-0')
    expect(faults).toEqual([])
  })

  test('keyboard only: from the overview to a checked replay', async () => {
    world = await startWorld({ connections: [zaius()] })
    await world.send(orders(8, () => ({ total: 1 })))
    const { page } = await openPage(browser, world.url)
    await page.getByText('8 events have no order_id').waitFor({ timeout: 10_000 })
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.getByRole('heading', { name: '8 events ended without being delivered.' }).waitFor()
    await page.locator('.dead-table tbody tr').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('a')
    await page.getByText('8 selected').waitFor()
    await page.keyboard.press('r')
    await page.getByText('0 of 8 would be sent now.').waitFor()
    await page.keyboard.press('/')
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).placeholder)).toContain(
      'Id, user',
    )
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Zaius')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing waits.').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Keys' }).waitFor({ state: 'detached' })
  })

  test('two tabs act on the same lane: the second is told, and nothing happens', async () => {
    world = await startWorld({ connections: [{ name: 'Connect', slug: 'zendesk-connect' }] })
    world.runtime.pause('Connect', 'ada')
    await world.send(orders(3, () => ({})).map((event) => ({ ...event, userId: 'ada' })))
    const one = await openPage(browser, `${world.url}/c/Connect`)
    const other = await openPage(browser, `${world.url}/c/Connect`)
    for (const { page } of [one, other]) {
      await page.getByRole('button', { name: 'Set the first aside' }).click()
      await page.getByRole('button', { name: 'Set it aside' }).waitFor()
    }
    await one.page.getByRole('button', { name: 'Set it aside' }).click()
    await one.page.getByText('was set aside. The next one goes on.', { exact: false }).waitFor()
    await other.page.getByRole('button', { name: 'Set it aside' }).click()
    await other.page.getByText('It is no longer the first in line', { exact: false }).waitFor()
    expect(await world.store.queue.dead.count({})).toBe(1)
  })
})
