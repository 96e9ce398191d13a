import { deliveredBy, type StartDemoVendor, type VendorView } from 'waybill/testing'
import { formatCount, plural } from '../format'
import { developmentKey, startZendeskConnectEmulator } from './index'
import { inspect } from './inspect'

/** A message to everybody who has bought for a larger sum. */
const campaign = {
  id: 'thank-you',
  trigger: 'Order Completed',
  channel: 'email',
  filters: [[{ property: 'total', operator: 'is greater than', value: '100' }]],
  template: 'Thank you, {{first_name}}! Your order {{order_id}} over {{total}} {{currency}} is on its way.',
} as const

const shownEvents = 8

/** Zendesk Connect for the demo: one environment with one campaign. */
export const startDemoVendor: StartDemoVendor = async () => {
  const emulator = await startZendeskConnectEmulator()
  const begin = (): void => emulator.environment().addCampaign(campaign)
  begin()
  const users = () => [...emulator.environment().users.all.values()]
  const rows = () => emulator.environment().events.rows(Date.now())

  function usersView(): VendorView {
    const all = users()
    const identified = all.filter((user) => user.identified).length
    const tokens = all.flatMap((user) => user.tokens).filter(({ active }) => active).length
    const zones = all.filter((user) => user.fields.timezone !== undefined).length
    const line = `${plural(all.length, 'user')}: ${formatCount(identified)} with a profile, ${formatCount(zones)} with a time zone, ${plural(tokens, 'push token')}`
    return { title: 'Users', lines: [line] }
  }

  function eventsView(): VendorView {
    const seen = rows()
    return {
      title: 'Settings > Events',
      table: {
        columns: ['event', 'times seen', 'last 24 hours'],
        rows: seen
          .slice(0, shownEvents)
          .map((row) => [row.event, row.times_seen, row.seen_in_last_24_hours ? 'yes' : 'no']),
        hiddenRows: Math.max(0, seen.length - shownEvents),
      },
    }
  }

  function campaignView(): VendorView {
    const { deliveries, skips } = emulator.environment()
    const lines = [
      `on ${campaign.trigger}: ${plural(deliveries.length, 'message')} sent, ${formatCount(skips.length)} held back by the filter or for want of an address`,
      ...deliveries.slice(0, 1).map(({ text }) => `"${text}"`),
    ]
    return { title: `Campaign "${campaign.id}"`, lines }
  }

  return {
    name: 'Zendesk Connect',
    url: emulator.url,
    environment: { ZENDESK_CONNECT_KEY: developmentKey },
    settings: { endpoint: emulator.url },
    inspection: inspect(emulator, begin),
    views: () => [usersView(), eventsView(), campaignView()],
    checks: (totals) => [
      { what: 'calls accepted', expected: deliveredBy(totals), actual: emulator.environment().accepted },
      {
        what: 'events seen',
        expected: deliveredBy(totals, 'Track Event'),
        actual: rows().reduce((sum, row) => sum + row.times_seen, 0),
      },
    ],
    close: () => emulator.close(),
  }
}
