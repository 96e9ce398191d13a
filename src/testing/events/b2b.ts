import type { Scene } from './scene'

const day = 86_400_000

const trialOf = ({ account, time }: Scene) => ({
  trial_start_date: new Date(time).toISOString(),
  trial_end_date: new Date(time + 14 * day).toISOString(),
  trial_plan_name: account.plan,
})

const accountNameOf = ({ account }: Scene) => ({ account_name: account.name })
const usernameOf = ({ person }: Scene) => ({ username: person.username })

/** B2B SaaS events of the Spec: properties of each. Their `context.groupId` names the account. */
export const b2bEvents = {
  /** An account was opened. */
  'Account Created': accountNameOf,

  /** An account was closed. */
  'Account Deleted': accountNameOf,

  /** Somebody joined the service. */
  'Signed Up': ({ person }: Scene) => ({
    type: 'organic',
    first_name: person.firstName,
    last_name: person.lastName,
    email: person.email,
    phone: person.phone,
    username: person.username,
    title: person.title,
  }),

  /** Somebody signed in. */
  'Signed In': usernameOf,

  /** Somebody signed out. */
  'Signed Out': usernameOf,

  /** Somebody asked somebody else to join. */
  'Invite Sent': () => ({
    invitee_email: 'colleague@example.org',
    invitee_first_name: 'Sam',
    invitee_last_name: 'Colleague',
    invitee_role: 'Member',
  }),

  /** Somebody was added to an account. */
  'Account Added User': () => ({ role: 'Member' }),

  /** Somebody was taken out of an account. */
  'Account Removed User': () => ({}),

  /** A trial began. */
  'Trial Started': trialOf,

  /** A trial ended. */
  'Trial Ended': trialOf,
}
