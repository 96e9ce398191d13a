import { developmentKey, startZendeskConnectEmulator } from 'waybill/destinations/zendesk-connect/emulator'
import { formatCount, plural } from '../report/format'
import { formatTable } from '../report/table'
import { deliveredBy, type StartVendor } from './vendor'

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
export const startVendor: StartVendor = async () => {
  const emulator = await startZendeskConnectEmulator()
  const environment = emulator.environment()
  environment.addCampaign(campaign)
  const users = () => [...environment.users.all.values()]
  const rows = () => environment.events.rows(Date.now())

  function describeUsers(): string {
    const all = users()
    const identified = all.filter((user) => user.identified).length
    const tokens = all.flatMap((user) => user.tokens).filter(({ active }) => active).length
    const zones = all.filter((user) => user.fields.timezone !== undefined).length
    return `${plural(all.length, 'user')}: ${formatCount(identified)} with a profile, ${formatCount(zones)} with a time zone, ${plural(tokens, 'push token')}`
  }

  function describeEvents(): string {
    const seen = rows()
    const shown = seen
      .slice(0, shownEvents)
      .map((row) => [row.event, formatCount(row.times_seen), row.seen_in_last_24_hours ? 'yes' : 'no'])
    const rest =
      seen.length > shownEvents ? `\n… and ${formatCount(seen.length - shownEvents)} more names` : ''
    return `Settings > Events\n\n${formatTable([['event', 'times seen', 'last 24 hours'], ...shown])}${rest}`
  }

  function describeCampaign(): string {
    const { deliveries, skips } = environment
    const lines = [
      `Campaign "${campaign.id}" on ${campaign.trigger}: ${plural(deliveries.length, 'message')} sent, ${formatCount(skips.length)} held back by the filter or for want of an address`,
      ...deliveries.slice(0, 1).map(({ text }) => `  "${text}"`),
    ]
    return lines.join('\n')
  }

  return {
    name: 'Zendesk Connect',
    url: emulator.url,
    environment: { ZENDESK_CONNECT_KEY: developmentKey },
    settings: { endpoint: emulator.url },
    describe: () => [describeUsers(), describeEvents(), describeCampaign()].join('\n\n'),
    checks: (totals) => [
      { what: 'calls accepted', expected: deliveredBy(totals), actual: environment.accepted },
      {
        what: 'events seen',
        expected: deliveredBy(totals, 'Track Event'),
        actual: rows().reduce((sum, row) => sum + row.times_seen, 0),
      },
    ],
    close: () => emulator.close(),
  }
}
