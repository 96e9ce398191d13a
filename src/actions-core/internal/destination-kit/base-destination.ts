import type {
  AuthenticationScheme,
  DecoratedResponse,
  DestinationDefinition,
  JSONObject,
  RequestExtension,
  Subscription,
} from '@segment/actions-core'
import type { JSONSchema4 } from 'json-schema'
import { teachLoadedCopies } from '../../../contract/error-class'
import { createRequestClient, type RequestFunction } from '../../create-request-client'
import { Action } from '../../destination-kit/action'
import { fieldsToJsonSchema } from '../../destination-kit/fields-to-jsonschema'
import { validateSchema } from '../../schema-validation'
import { AsyncAction, type AsyncActionDefinition } from './async-action'

// biome-ignore lint/suspicious/noExplicitAny: payload types of actions differ
type AnyExtension<Settings> = RequestExtension<Settings, any>

/** Older responses are dropped, so that a destination that runs for long does not grow. */
const maxResponses = 100

/** A definition with its actions, its settings and the responses it got. */
export class BaseDestination<Settings = JSONObject> {
  readonly definition: DestinationDefinition<Settings>
  readonly name: string
  readonly authentication?: AuthenticationScheme<Settings> | undefined
  readonly extendRequest?: AnyExtension<Settings> | undefined
  readonly actions: Record<string, Action> = {}
  readonly asyncActions: Record<string, AsyncAction> = {}
  /** The latest answers of all actions, at most 100. */
  responses: DecoratedResponse[] = []
  /** There only when the settings have fields. */
  declare readonly settingsSchema?: JSONSchema4
  protected readonly maxResponses: number = maxResponses

  constructor(destination: DestinationDefinition<Settings>) {
    teachLoadedCopies(destination)
    this.definition = destination
    this.name = destination.name
    this.extendRequest = destination.extendRequest
    this.authentication = destination.authentication
    if (this.authentication?.fields) this.settingsSchema = fieldsToJsonSchema(this.authentication.fields)
    for (const [slug, action] of Object.entries(destination.actions))
      this.partnerAction(slug, action as never)
    const { asyncActions = {} } = destination as { asyncActions?: Record<string, AsyncActionDefinition> }
    for (const [slug, action] of Object.entries(asyncActions))
      this.asyncActions[slug] = this.noting(new AsyncAction(this.name, action, this.extendRequest))
  }

  /** Adds an action. */
  partnerAction(slug: string, definition: Action['definition']): this {
    this.actions[slug] = this.noting(new Action(this.name, definition, this.extendRequest))
    return this
  }

  /** Checks and coerces settings in place. Throws an error with status 400. */
  validateSettings(settings: Settings): void {
    if (!this.settingsSchema) return
    try {
      validateSchema(settings, this.settingsSchema, { exempt: ['dynamicAuthSettings'] })
    } catch (error) {
      if ((error as Error).name === 'AggregateAjvError') Object.assign(error as Error, { status: 400 })
      throw error
    }
  }

  /** One subscription, else a list of them. */
  protected getSubscriptions({ subscription, subscriptions }: JSONObject): Subscription[] {
    if (subscription) return [subscription as unknown as Subscription]
    return Array.isArray(subscriptions) ? (subscriptions as unknown as Subscription[]) : []
  }

  /** The settings that the definition declares: without subscriptions and tokens. */
  protected getDestinationSettings(settings: JSONObject): Settings {
    const { subscription: _one, subscriptions: _all, oauth: _tokens, ...others } = settings
    return others as Settings
  }

  /** A request client with the destination's options. */
  protected requestClient(context: object): RequestFunction {
    const options = this.extendRequest?.(context as never) ?? {}
    return createRequestClient({ ...options, statsContext: undefined } as object)
  }

  private noting<A extends Action | AsyncAction>(action: A): A {
    action.on('response', (response: DecoratedResponse | undefined) => {
      if (!response) return
      this.responses.push(response)
      if (this.responses.length > this.maxResponses) this.responses.shift()
    })
    return action
  }
}
