import { deliveredBy, type StartDemoVendor, type VendorView } from 'waybill/testing'
import { formatCount, plural } from '../format'
import { startEmarsysApiEmulator, testClient } from './index'
import { inspect } from './inspect'

/** What the example configuration writes and starts. */
const audienceField = 5001
const cartEvent = 17
const shownContacts = 4

const valueText = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(', ') : (value ?? '')

/** Emarsys for the demo, as accounts without the add-on meet it: the public API, one field and one event of the account's own. */
export const startDemoVendor: StartDemoVendor = async () => {
  const emulator = await startEmarsysApiEmulator({
    fields: [
      { id: audienceField, name: 'Big spender', type: 'singlechoice', choices: { 1: 'yes', 2: 'no' } },
    ],
    events: [{ id: cartEvent, name: 'finish-your-order' }],
  })
  const { account } = emulator

  function contactsView(): VendorView {
    const contacts = [...account.contacts.values()]
    const members = contacts.filter(({ values }) => values.get(audienceField) === '1')
    const shown = contacts.slice(0, shownContacts)
    return {
      title: 'Contacts',
      lines: [`${plural(contacts.length, 'contact')}, ${formatCount(members.length)} of them big spenders`],
      table: {
        columns: ['email', 'first name', 'big spender'],
        rows: shown.map(({ values }) => [
          valueText(values.get(3)),
          valueText(values.get(1)),
          valueText(values.get(audienceField)),
        ]),
        hiddenRows: contacts.length - shown.length,
      },
    }
  }

  function eventsView(): VendorView {
    const [first] = account.triggered
    const email = first && valueText(account.contacts.get(first.contact)?.values.get(3))
    return {
      title: 'External event "finish-your-order"',
      lines: [
        `started ${plural(account.triggered.length, 'time')}${first ? `, first for ${email}: ${JSON.stringify(first.data)}` : ''}`,
      ],
    }
  }

  const tokensView = (): VendorView => ({
    title: 'Access tokens',
    lines: [`${plural(emulator.tokensFetched, 'token')} for ${plural(emulator.journal.length, 'request')}`],
  })

  return {
    name: 'Emarsys API',
    url: emulator.url,
    environment: {
      EMARSYS_CLIENT_ID: testClient.clientId,
      EMARSYS_CLIENT_SECRET: testClient.clientSecret,
    },
    settings: { baseUrl: emulator.url, tokenUrl: `${emulator.url}/oauth2/token` },
    inspection: inspect(emulator),
    views: () => [contactsView(), eventsView(), tokensView()],
    checks: (totals) => [
      {
        what: 'requests accepted, at least one',
        expected: deliveredBy(totals) > 0 ? emulator.journal.length : 0,
        actual: emulator.journal.filter(({ replyCode }) => replyCode === 0).length,
      },
    ],
    close: () => emulator.close(),
  }
}
