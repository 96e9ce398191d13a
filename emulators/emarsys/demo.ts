import { deliveredBy, type StartDemoVendor, type VendorView } from 'waybill/testing'
import { formatCount, plural } from '../format'
import { type AddOnConfiguration, type ProgramRun, type Rule, startEmarsysEmulator, testKey } from './index'
import { inspect } from './inspect'

/** Two data maps: one of a person's traits, and an audience of Engage. */
const maps = [
  { from: 'traits -> firstName', to: 1, name: 'First name' },
  {
    from: 'traits -> big_spenders',
    to: 5001,
    name: 'Big spender',
    transform: 'boolChoice',
    choices: { true: 1, false: 2 },
  },
] as const

/** For readers of a mail who come back and put something into the cart. */
const rule = {
  id: 'back-by-mail',
  steps: [{ event: 'Email Opened' }, { event: 'Product Viewed' }, { event: 'Product Added' }],
  window: '3d',
  unless: [{ event: 'Order Completed' }],
  trigger: {
    programId: 'finish-your-order',
    data: { product: 'properties -> name', mail: 'steps[0].properties.email_subject' },
  },
} as const satisfies Rule

const configuration: AddOnConfiguration = {
  primaryKeyPath: ['traits -> email', 'context -> traits -> email'],
  fields: [{ id: 5001, name: 'Big spender' }],
  dataMaps: maps.map(({ name: _name, ...map }) => map),
  programs: [{ id: rule.trigger.programId }],
  rules: [rule],
}

const shownRows = 4

/** Emarsys for the demo: one account with the segment.com add-on. */
export const startDemoVendor: StartDemoVendor = async () => {
  const emulator = await startEmarsysEmulator({ accounts: [{ apiKey: testKey, configuration }] })
  const account = emulator.account()

  function usersView(): VendorView {
    const rows = [...account.users.rows]
    const keyed = rows.filter(({ primaryKey }) => primaryKey !== undefined)
    const shown = keyed
      .slice(0, shownRows)
      .map(({ anonymousIds, userId = '', primaryKey = '' }) => [
        [...anonymousIds].join(', '),
        userId,
        primaryKey,
      ])
    return {
      title: 'Users table',
      lines: [`${plural(rows.length, 'row')}, ${formatCount(keyed.length)} with a primary key`],
      table: {
        columns: ['anonymousId', 'userId', 'primarykey'],
        rows: shown,
        hiddenRows: rows.length - shown.length,
      },
    }
  }

  function contactsView(): VendorView {
    const contacts = account.contacts.all()
    const rows = maps.map(({ from, to, name }) => [
      from,
      name,
      contacts.filter(({ fields }) => fields.has(to)).length,
    ])
    return {
      title: 'Segment "segment.com"',
      lines: [`${plural(contacts.length, 'contact')}, written by ${plural(maps.length, 'data map')}`],
      table: { columns: ['from', 'to', 'contacts'], rows },
    }
  }

  function programsView(): VendorView {
    const { programs } = account
    const lines = [
      `${namesOf(rule.steps)} within ${rule.window}, unless ${namesOf(rule.unless)}`,
      `${plural(programs.length, 'program')} started${programs.length > 0 ? ', the first of them:' : ''}`,
      ...programs.slice(0, 1).map(runText),
    ]
    return { title: `Rule "${rule.id}"`, lines }
  }

  return {
    name: 'Emarsys',
    url: emulator.url,
    environment: { EMARSYS_API_KEY: testKey, EMARSYS_ENDPOINT: emulator.endpoint },
    settings: {},
    inspection: inspect(emulator),
    views: () => [usersView(), contactsView(), programsView()],
    checks: (totals) => [
      { what: 'messages accepted', expected: deliveredBy(totals), actual: account.accepted },
    ],
    close: () => emulator.close(),
  }
}

const namesOf = (matchers: readonly { readonly event: string }[]): string =>
  matchers.map(({ event }) => event).join(', ')

const runText = ({ programId, primaryKey, eventTime, payload }: ProgramRun): string =>
  `${programId} for ${primaryKey} at ${eventTime}: ${payload.product}, after the mail "${payload.mail}"`
