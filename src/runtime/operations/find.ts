import type { ActionDefinition } from '@segment/actions-core'
import { ConfigurationError } from '../../errors'
import type { OpenConnection } from '../open/open-connection'

/** What runs when a mapping is saved: `retlOnMappingSave` for a source that is a warehouse. */
export type HookName = 'onMappingSave' | 'retlOnMappingSave'

// biome-ignore lint/suspicious/noExplicitAny: settings and payload types differ between definitions
type AnyAction = ActionDefinition<any>

/** The error for an operation that the definition does not have. */
export const notSupported = (message: string): ConfigurationError =>
  new ConfigurationError('NOT_SUPPORTED', message)

/** @throws ConfigurationError UNKNOWN_ACTION, with the actions that exist. */
export function findAction({ actions }: OpenConnection['destination'], slug: string): AnyAction {
  const action = Object.hasOwn(actions, slug) ? actions[slug] : undefined
  if (action !== undefined) return action
  throw new ConfigurationError(
    'UNKNOWN_ACTION',
    `${JSON.stringify(slug)} is not an action; there are ${Object.keys(actions).join(', ')}`,
  )
}

/** @throws ConfigurationError NOT_SUPPORTED, with the hooks that the action has. */
export function findHook(
  { hooks }: AnyAction,
  slug: string,
  name: HookName,
): NonNullable<NonNullable<AnyAction['hooks']>[HookName]> {
  const hook = hooks?.[name]
  if (hook !== undefined) return hook
  throw notSupported(
    `the action ${slug} has no hook "${name}"; there are ${Object.keys(hooks ?? {}).join(', ') || 'none'}`,
  )
}
