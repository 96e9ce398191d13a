import type { EmulatorAnswer, EmulatorRequest } from 'waybill/testing'
import type { Account } from './account'
import { type AddOnConfiguration, RefusedConfiguration } from './configuration'
import type { Duration } from './duration'
import { contactsOf, segmentsOf, usersOf } from './views'

/** An account with the add-on. */
export type AccountOptions = {
  readonly apiKey: string
  /** Under which the control plane knows it. Default: the key. */
  readonly name?: string
  /** Default: no data maps, no rules, and `traits -> email` as primary key. */
  readonly configuration?: AddOnConfiguration
}

type Controls = {
  readonly accountOf: (name?: string) => Account
  readonly addAccount: (account: AccountOptions) => void
  readonly advance: (duration: Duration) => void
  readonly flush: () => number
  /** Drops what is queued for an account, and everybody that it knows. */
  readonly forget: (account: Account) => void
  readonly now: () => number
}

/** Views and switches below `/__emulator/`; each takes `?account=`. A mistake is answered with 400 and its problems. */
export function controlPlane({ accountOf, addAccount, advance, flush, forget, now }: Controls) {
  const show = (view: (account: Account) => unknown) =>
    on((account) => ({ status: 200, body: view(account) }))
  const on =
    (act: (account: Account, body: unknown) => EmulatorAnswer) =>
    (request: EmulatorRequest): EmulatorAnswer => {
      try {
        const body: unknown = request.body.length > 0 ? JSON.parse(request.body.toString()) : undefined
        return act(accountOf(request.query.get('account') ?? undefined), body)
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error
        const problems = error instanceof RefusedConfiguration ? error.problems : [error.message]
        return { status: 400, body: { problems } }
      }
    }
  return {
    'GET users': show(usersOf),
    'GET contacts': show(contactsOf),
    'GET segments': show(segmentsOf),
    'GET programs': show(({ programs }) => programs),
    'GET journal': show(({ journal }) => journal),
    'GET addon/config': show(({ configuration }) => configuration),
    'PUT addon/config': on((account, body) => {
      account.configure(body as AddOnConfiguration)
      return { status: 204 }
    }),
    'POST keys': on((account, body) => {
      const { apiKey, enabled, ...rest } = objectOf<AccountOptions & { enabled?: boolean }>(body)
      if (apiKey !== undefined) addAccount({ apiKey, ...rest })
      else account.isEnabled = enabled ?? account.isEnabled
      return { status: 204 }
    }),
    'POST clock': on((_account, body) => {
      advance(objectOf<{ advance: Duration }>(body).advance)
      return { status: 200, body: { now: new Date(now()).toISOString() } }
    }),
    'POST flush': on(() => ({ status: 200, body: { processed: flush() } })),
    'POST reset': on((account) => {
      forget(account)
      return { status: 204 }
    }),
  }
}

function objectOf<Body>(body: unknown): Body {
  if (typeof body !== 'object' || body === null) throw new RangeError('the body has to be an object')
  return body as Body
}
