import type {
  DestinationDefinition,
  DynamicFieldResponse,
  JSONObject,
  Result,
  SegmentEvent,
  Subscription,
} from '@segment/actions-core'
import type {
  AudienceResult,
  CreateAudienceInput,
  GetAudienceInput,
} from '@segment/actions-core/destination-kit'
import type { ExecuteDynamicFieldInput } from '@segment/actions-core/destination-kit/action'
import type { ResultMultiStatusNode } from '@segment/actions-core/destination-kit/types'
import { type AuthTokens, getAuthData } from '../../../contract/auth-data'
import { IntegrationError } from '../../../contract/errors'
import { retry } from '../retry'
import type { AsyncAction, AsyncBatchResponse, PollPayload, PollResponse } from './async-action'
import { type AudienceInput, audienceOperation } from './audience'
import { AuthenticatedDestination } from './authenticated-destination'
import type { BaseAction } from './base-action'
import { type ExecuteContext, executeBundle } from './bundle'
import { maskedSettings } from './masked-settings'
import type { OnEventOptions } from './on-event-options'
import { type RunContext, runSubscription } from './run-subscription'

type EventInput = ExecuteContext & { readonly event: SegmentEvent; readonly mapping: JSONObject }
type BatchInput = ExecuteContext & { readonly events: SegmentEvent[]; readonly mapping: JSONObject }
type PollInput = ExecuteContext & { readonly pollPayload: PollPayload }

/** A refresh, and one attempt after it. */
const maxAttempts = 2

/** Runs a destination definition as `Destination` of `@segment/actions-core` does. */
export class Destination<
  Settings = JSONObject,
  _AudienceSettings = JSONObject,
> extends AuthenticatedDestination<Settings> {
  /** Deletes a user; there only when the definition can. */
  declare onDelete?: (event: SegmentEvent, settings: JSONObject, options?: OnEventOptions) => Promise<Result>

  constructor(destination: DestinationDefinition<Settings>) {
    super(destination)
    if (this.definition.onDelete) this.onDelete = this.deleteUser
  }

  /** Creates an audience at the destination, after a check of its settings. */
  createAudience(input: CreateAudienceInput<Settings, unknown>): Promise<AudienceResult> {
    return this.audience('createAudience', input)
  }

  /** Finds an audience at the destination. */
  getAudience(input: GetAudienceInput<Settings, unknown>): Promise<AudienceResult> {
    return this.audience('getAudience', input)
  }

  private async audience(
    operation: 'createAudience' | 'getAudience',
    input: AudienceInput,
  ): Promise<AudienceResult> {
    const call = audienceOperation(this.definition, operation, input)
    const settings = this.getDestinationSettings(input.settings)
    return this.withNewTokens(input.settings, undefined, (auth) => {
      const { audienceSettings } = input
      return call(this.requestClient({ audienceSettings, settings, payload: undefined, auth }))
    })
  }

  /** Sends one event with one action, whatever its subscriptions say. An unknown action gives no results. */
  async executeAction(actionSlug: string, input: EventInput): Promise<Result[]> {
    const action = own(this.actions, actionSlug)
    if (!action) return []
    const { event } = input
    return action.execute(executeBundle(input, event as unknown as JSONObject, event))
  }

  /** Sends a batch with one action; the answer has a node for each event. */
  async executeBatch(actionSlug: string, input: BatchInput): Promise<ResultMultiStatusNode[]> {
    const action = own(this.actions, actionSlug)
    if (!action) return []
    const { events } = input
    return action.executeBatch(executeBundle(input, events as unknown as JSONObject[], events[0]))
  }

  /** Submits a batch with an action that answers later. */
  async executeAsyncBatch(actionSlug: string, input: BatchInput): Promise<AsyncBatchResponse> {
    const action = this.asyncAction(actionSlug, 'not found')
    const { events } = input
    const given = { ...input, auth: authOf(input) }
    return action.executeBatch(executeBundle(given, events as unknown as JSONObject[], events[0]))
  }

  /** Asks how a submitted batch stands. */
  async executeAsyncPoll(actionSlug: string, { pollPayload, ...input }: PollInput): Promise<PollResponse> {
    const action = this.asyncAction(actionSlug, 'not found or does not support polling')
    return action.executePoll({ ...input, auth: authOf(input), data: pollPayload })
  }

  private asyncAction(slug: string, problem: string): AsyncAction {
    const action = own(this.asyncActions, slug)
    if (action) return action
    throw new IntegrationError(`Async action ${slug} ${problem}.`, 'NotImplemented', 501)
  }

  /** The choices of a dynamic field. An unknown action gives none. */
  async executeDynamicField(
    actionSlug: string,
    fieldKey: string,
    data: ExecuteDynamicFieldInput<Settings, object>,
    dynamicFn?: Parameters<BaseAction['executeDynamicField']>[2],
  ): Promise<DynamicFieldResponse> {
    const action = own(this.actions, actionSlug) ?? own(this.asyncActions, actionSlug)
    return action ? action.executeDynamicField(fieldKey, data, dynamicFn) : ({ choices: [] } as never)
  }

  /** Sends one event to every subscription that it matches. */
  onEvent(event: SegmentEvent, settings: JSONObject, options?: OnEventOptions): Promise<Result[]> {
    return this.onSubscriptions(event, settings, options)
  }

  /** Sends a batch of events to every subscription that they match. */
  onBatch(events: SegmentEvent[], settings: JSONObject, options?: OnEventOptions): Promise<Result[]> {
    return this.onSubscriptions(events, settings, options)
  }

  private async deleteUser(
    event: SegmentEvent,
    settings: JSONObject,
    options?: OnEventOptions,
  ): Promise<Result> {
    const { userId, anonymousId } = event
    const payload = { userId, anonymousId }
    const declared = this.getDestinationSettings(settings)
    this.validateSettings(declared)
    return this.withNewTokens(settings, options, async (auth) => {
      const input = { payload, settings: declared, auth }
      const result: unknown = await this.definition.onDelete?.(
        this.requestClient(input) as never,
        input as never,
      )
      return (result ?? { output: 'no onDelete defined' }) as Result
    })
  }

  /** Sends an event, or a batch, to one subscription. */
  protected onSubscription(
    subscription: Subscription,
    events: SegmentEvent | SegmentEvent[],
    settings: Settings,
    auth: AuthTokens,
    options?: OnEventOptions,
  ): Promise<Result[]> {
    const run = { subscription, settings: settings as JSONObject, auth, options }
    return runSubscription(this.runContext(), run, events)
  }

  private async onSubscriptions(
    data: SegmentEvent | SegmentEvent[],
    settings: JSONObject,
    options: OnEventOptions | undefined,
  ): Promise<Result[]> {
    const subscriptions = this.getSubscriptions(settings)
    const declared = this.getDestinationSettings(settings)
    this.validateSettings(declared)
    const run = (subscription: Subscription, auth: AuthTokens) =>
      this.onSubscription(subscription, data, declared, auth, options)
    return this.retryRefused(settings, options, async (auth) => {
      const [only] = subscriptions
      if (only !== undefined && subscriptions.length === 1) return run(only, auth)
      return (await Promise.all(subscriptions.map((each) => run(each, auth)))).flat()
    })
  }

  /** As the reference: a 401, also of one item of a batch, renews the tokens and sends everything again. */
  private retryRefused(
    given: JSONObject,
    options: OnEventOptions | undefined,
    run: (auth: AuthTokens) => Promise<Result[]>,
  ): Promise<Result[]> {
    let settings = given
    return retry(() => run(getAuthData(settings)), {
      retries: maxAttempts,
      onFailedAttempt: async (error) => {
        settings = await this.handleError(error, settings, options)
      },
      shouldRetry: async (results) => {
        const isRefused = results.some((result) => result?.multistatus?.some(({ status }) => status === 401))
        if (isRefused && this.hasTokens) await this.handleAuthError(settings, options)
        return !isRefused || !this.hasTokens
      },
    })
  }

  private runContext(): RunContext {
    return {
      name: this.name,
      hasAction: (slug) => Object.hasOwn(this.actions, slug),
      executeAction: (slug, input) => this.executeAction(slug, input),
      executeBatch: (slug, input) => this.executeBatch(slug, input),
      visibleSettings: (settings) => maskedSettings(settings, this.authentication?.fields),
    }
  }
}

const own = <T>(record: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

/** The caller's tokens, else those of the settings: callers may keep them there, and renew them in place. */
const authOf = ({ auth, settings }: ExecuteContext): AuthTokens => auth ?? getAuthData(settings as JSONObject)
