import type { ActionDefinition, JSONObject, Result } from '@segment/actions-core'
import type { ResultMultiStatusNode } from '@segment/actions-core/destination-kit/types'
import { IntegrationError } from '../../contract/errors'
import { BaseAction } from '../internal/destination-kit/base-action'
import { type BatchNode, refusedNode } from '../internal/destination-kit/batch-nodes'
import { attribute } from '../internal/destination-kit/batch-result'
import type { ExecuteBundle } from '../internal/destination-kit/bundle'
import type { PayloadOrError } from '../internal/destination-kit/payloads'
import { performBatchData, performData } from '../internal/destination-kit/perform-data'

export type {
  ActionDefinition,
  ActionHookDefinition,
  ActionHookResponse,
  ActionHookType,
  BaseActionDefinition,
  ExecuteDynamicFieldInput,
  RequestFn,
} from '@segment/actions-core/destination-kit/action'
export {
  ActionDestinationErrorResponse,
  ActionDestinationSuccessResponse,
  MultiStatusResponse,
} from '../../contract/multi-status'
export type {
  AsyncActionDefinition,
  AsyncBatchResponse,
  PollPayload,
  PollResponse,
} from '../internal/destination-kit/async-action'
export { AsyncAction } from '../internal/destination-kit/async-action'

/** The points in the life of a mapping at which an action may be called. */
export const hookTypeStrings = ['onMappingSave', 'retlOnMappingSave'] as const

/** An action of a destination: maps, checks and sends, one event or a batch. */
export class Action extends BaseAction {
  // biome-ignore lint/suspicious/noExplicitAny: settings and payload types of actions differ
  declare readonly definition: ActionDefinition<any>

  /** Whether the action sends batches. */
  readonly hasBatchSupport: boolean

  constructor(...parameters: ConstructorParameters<typeof BaseAction>) {
    super(...parameters)
    this.hasBatchSupport = typeof this.definition.performBatch === 'function'
  }

  /** Sends one event. Throws what mapping, check or `perform` throws. */
  async execute(bundle: ExecuteBundle<unknown, JSONObject>): Promise<Result[]> {
    const payload = this.payloads.one(bundle.mapping, bundle.data, bundle.statsContext)
    const data = performData(this.definition, bundle, payload)
    const result = await this.performRequest(this.definition.perform, data)
    const executed = { data: result as JSONObject, output: 'Action Executed' }
    return this.schema
      ? [{ output: 'Mappings resolved' }, { output: 'Payload validated' }, executed]
      : [{ output: 'Mappings resolved' }, executed]
  }

  /** Sends a batch; the answer has a node for each event, in order. */
  async executeBatch(bundle: ExecuteBundle<unknown, JSONObject[]>): Promise<ResultMultiStatusNode[]> {
    if (!this.hasBatchSupport)
      throw new IntegrationError('This action does not support batched requests.', 'NotImplemented', 501)
    const prepared = this.payloads.many(bundle.mapping, bundle.data, bundle.statsContext)
    const nodes: BatchNode[] = []
    const valid: { index: number; payload: JSONObject }[] = []
    prepared.forEach((entry: PayloadOrError, index) => {
      if ('payload' in entry) valid.push({ index, payload: entry.payload })
      else nodes[index] = refusedNode(entry.error.message)
    })
    if (valid.length > 0 && this.definition.performBatch) {
      const sent = await this.sendBatch(
        bundle,
        valid.map(({ payload }) => payload),
        valid.map(({ index }) => bundle.data[index] as JSONObject),
      )
      valid.forEach(({ index }, position) => {
        nodes[index] = sent[position] as BatchNode
      })
    }
    return nodes as ResultMultiStatusNode[]
  }

  private async sendBatch(
    bundle: ExecuteBundle<unknown, JSONObject[]>,
    payloads: JSONObject[],
    events: JSONObject[],
  ): Promise<BatchNode[]> {
    const data = performBatchData(this.definition, bundle, payloads, events)
    const request = this.createRequestClient(data)
    const count = payloads.length
    const result: unknown = await this.definition.performBatch?.(request as never, data as never)
    // An action may have changed its list; the reference then says that it sent what now stands at each place.
    const standing = Array.from({ length: count }, (_, index) => payloads[index])
    return attribute(result, standing, bundle.statsContext)
  }
}
