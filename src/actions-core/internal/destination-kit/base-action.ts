import { EventEmitter } from 'node:events'
import type { ActionDefinition, DynamicFieldResponse, RequestExtension } from '@segment/actions-core'
import type { ActionHookResponse, ActionHookType } from '@segment/actions-core/destination-kit'
import type { ExecuteDynamicFieldInput } from '@segment/actions-core/destination-kit/action'
import type { JSONSchema4 } from 'json-schema'
import { dynamicFieldTarget } from '../../../contract/dynamic-field'
import { IntegrationError } from '../../../contract/errors'
import { createRequestClient, type RequestFunction } from '../../create-request-client'
import { fieldsToJsonSchema } from '../../destination-kit/fields-to-jsonschema'
import { validateSchema } from '../../schema-validation'
import { get } from '../get'
import type { AllRequestOptions, NormalizedOptions } from '../request-options'
import type { ExecuteContext } from './bundle'
import { createPayloads, type PayloadMaker } from './payloads'
import { isResponse } from './shapes'

/** What an action has in common, whether it answers at once or later. */
// biome-ignore lint/suspicious/noExplicitAny: settings and payload types of actions differ
export type CommonDefinition = Omit<ActionDefinition<any>, 'perform' | 'performBatch'>

// biome-ignore lint/suspicious/noExplicitAny: what functions of definitions get and give is up to them
type AnyFunction = (request: any, data: any) => unknown

/** Common to `Action` and `AsyncAction`: schemas, request client, dynamic fields and hooks. */
export class BaseAction extends EventEmitter {
  readonly definition: CommonDefinition
  readonly destinationName: string
  /** There only when the action has fields. */
  declare readonly schema?: JSONSchema4
  declare readonly hookSchemas?: Record<string, JSONSchema4>
  readonly hasHookSupport: boolean
  // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ
  protected readonly extendRequest: RequestExtension<any, any> | undefined
  protected readonly payloads: PayloadMaker

  constructor(
    destinationName: string,
    definition: CommonDefinition,
    // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ
    extendRequest?: RequestExtension<any, any>,
  ) {
    super()
    this.definition = definition
    this.destinationName = destinationName
    this.extendRequest = extendRequest
    this.hasHookSupport = definition.hooks !== undefined
    if (Object.keys(definition.fields ?? {}).length > 0) this.schema = fieldsToJsonSchema(definition.fields)
    const hookSchemas = hookSchemasOf(definition)
    if (hookSchemas) this.hookSchemas = hookSchemas
    this.payloads = createPayloads(definition as never)
  }

  /** Asks the handler of a dynamic field for its choices. `dynamicFn`: the handler of a hook's input field. */
  async executeDynamicField(
    field: string,
    data: ExecuteDynamicFieldInput<unknown, unknown>,
    dynamicFn?: AnyFunction,
  ): Promise<DynamicFieldResponse> {
    if (typeof dynamicFn === 'function')
      return (await this.performRequest(dynamicFn, { ...data })) as DynamicFieldResponse
    const { dynamicFields } = this.definition
    const { handlerPath, context } = dynamicFieldTarget(field, dynamicFields)
    const handler = get(dynamicFields, handlerPath)
    if (typeof handler === 'function')
      return (await this.performRequest(handler as AnyFunction, {
        ...data,
        dynamicFieldContext: context,
      })) as DynamicFieldResponse
    const message = `No dynamic field named ${field} found.`
    return { choices: [], nextPage: '', error: { message, code: '404' } }
  }

  /** Runs a hook with its inputs, which are checked against its own fields. */
  async executeHook(
    hookType: ActionHookType,
    data: ExecuteContext & { hookInputs?: unknown; payload?: unknown },
  ): Promise<ActionHookResponse<unknown>> {
    if (!this.hasHookSupport)
      throw new IntegrationError('This action does not support any hooks.', 'NotImplemented', 501)
    const performHook = this.definition.hooks?.[hookType]?.performHook
    if (!performHook)
      throw new IntegrationError(`Missing implementation for hook: ${hookType}.`, 'NotImplemented', 501)
    const schema = this.hookSchemas?.[hookType]
    if (schema) validateSchema(data.hookInputs, schema, { exempt: ['dynamicAuthSettings'] })
    return (await this.performRequest(performHook, data)) as ActionHookResponse<unknown>
  }

  /** Calls a function of the definition; an answer of the request client stands for its content. */
  protected async performRequest(perform: AnyFunction, data: object): Promise<unknown> {
    const result = await perform(this.createRequestClient(data as ExecuteContext), data)
    return isResponse(result) ? (result.data ?? result.content) : result
  }

  /** The request client of one call: the destination's options, and a note of every answer. */
  protected createRequestClient(data: ExecuteContext): RequestFunction {
    const options = this.extendRequest?.(data as never) ?? {}
    return createRequestClient(options, {
      afterResponse: [this.noteResponse.bind(this)],
      statsContext: data.statsContext,
      signal: data.signal,
    } as AllRequestOptions)
  }

  private noteResponse(request: Request, options: NormalizedOptions, response: Response): Response {
    const noted = Object.assign(response, { request, options })
    this.emit('response', noted)
    return noted
  }
}

/** The schema of the input fields of each hook that has some. */
function hookSchemasOf({ hooks }: CommonDefinition): Record<string, JSONSchema4> | undefined {
  const schemas: Record<string, JSONSchema4> = {}
  for (const [name, hook] of Object.entries(hooks ?? {}))
    if (hook?.inputFields) schemas[name] = fieldsToJsonSchema(hook.inputFields as never)
  return Object.keys(schemas).length > 0 ? schemas : undefined
}
