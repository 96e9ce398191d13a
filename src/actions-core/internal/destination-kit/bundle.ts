import type { JSONObject, Logger, StateContext, StatsContext } from '@segment/actions-core'
import type {
  EngageDestinationCache,
  Personas,
  SubscriptionMetadata,
  TransactionContext,
} from '@segment/actions-core/destination-kit'
import { audienceOf } from '../../../contract/audience-settings'
import type { AuthTokens } from '../../../contract/auth-data'

/** What callers hand to an action besides the event: settings and contexts, passed through as they are. */
export type ExecuteContext<Settings = unknown> = {
  readonly settings: Settings
  readonly auth?: AuthTokens | undefined
  readonly features?: Record<string, boolean> | undefined
  readonly statsContext?: StatsContext | undefined
  readonly logger?: Logger | undefined
  readonly engageDestinationCache?: EngageDestinationCache | undefined
  readonly transactionContext?: TransactionContext | undefined
  readonly stateContext?: StateContext | undefined
  readonly subscriptionMetadata?: SubscriptionMetadata | undefined
  readonly signal?: AbortSignal | undefined
}

/** What `Action#execute` and `Action#executeBatch` get. */
export type ExecuteBundle<Settings = unknown, Data = unknown> = ExecuteContext<Settings> & {
  readonly data: Data
  readonly mapping: JSONObject
  readonly audienceSettings?: unknown
  readonly personasContext?: Personas | undefined
}

type Given = ExecuteContext & { readonly mapping: JSONObject }

/** What an action gets for its events. `first` says what audience they are of. One literal, made for every event. */
export function executeBundle<Data>(
  given: Given,
  data: Data,
  first: { readonly context?: unknown } | undefined,
): ExecuteBundle<unknown, Data> {
  const { personasContext, audienceSettings } = audienceOf(first)
  return {
    mapping: given.mapping,
    data,
    settings: given.settings,
    audienceSettings,
    auth: given.auth,
    features: given.features,
    statsContext: given.statsContext,
    personasContext,
    logger: given.logger,
    engageDestinationCache: given.engageDestinationCache,
    transactionContext: given.transactionContext,
    stateContext: given.stateContext,
    subscriptionMetadata: given.subscriptionMetadata,
    signal: given.signal,
  }
}
