import { type DynamicFieldResponse, defineFields, firstOf, path, type RequestClient } from 'waybill'
import { call } from './api'
import { responseOfAll } from './replies'
import type { EmarsysSettings } from './settings'

/** Which contact it is about. */
export const keyFields = defineFields({
  key_field: {
    label: 'Key field',
    description: 'Id of the field by which the contact is found. Without one, that of the settings.',
    type: 'string',
    dynamic: true,
  },
  key_value: {
    label: 'Key value',
    description: 'Which contact: the value of the key field.',
    type: 'string',
    required: true,
    default: firstOf('$.traits.email', '$.context.traits.email', '$.properties.email'),
  },
})

/** By what a repetition can be recognized. */
export const messageFields = defineFields({
  message_id: {
    label: 'Message ID',
    description: 'Unique per message.',
    type: 'string',
    default: path('$.messageId'),
  },
})

/** Whether events travel together. */
export const batchFields = defineFields({
  enable_batching: {
    label: 'Send in batches',
    description: 'Up to 1,000 contacts a request. Emarsys takes 1,000 requests a minute, so leave it on.',
    type: 'boolean',
    default: true,
  },
  batch_size: {
    label: 'Batch size',
    description: 'Most events in a request.',
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 1000,
    unsafe_hidden: true,
  },
})

type Input = { readonly settings: EmarsysSettings; readonly dynamicFieldContext?: { selectedKey?: string } }
type Choice = { readonly value: string; readonly label: string }
type Row = Readonly<Record<string, unknown>>

/** Asks the account, and offers what it answers. What went wrong is said, not hidden. */
const picker =
  (pathOf: (input: Input) => string, choiceOf: (row: Row) => Choice) =>
  async (request: RequestClient, input: Input): Promise<DynamicFieldResponse> => {
    const failed = (message: string, code: string): DynamicFieldResponse => ({
      choices: [],
      nextPage: '',
      error: { message, code },
    })
    try {
      const response = await call(
        { request, settings: input.settings, state: undefined },
        'get',
        pathOf(input),
      )
      const refusal = responseOfAll(response, 'read')
      if (refusal !== undefined) return failed(`Emarsys: ${refusal.reason}`, String(refusal.status))
      const { data } = response.data as { data: unknown }
      return { choices: Array.isArray(data) ? (data as Row[]).map(choiceOf) : [], nextPage: '' }
    } catch (error) {
      const { message, status = 500 } = error as Error & { status?: number }
      return failed(message, String(status))
    }
  }

/** A name, else the string id, else the number. */
const named = ({ id, name, string_id, choice }: Row): Choice => ({
  value: String(id),
  label: String(name || string_id || choice || id),
})

export const fieldPicker = picker(() => 'field/translate/en', named)
export const choicePicker = picker(
  ({ dynamicFieldContext }) =>
    `field/${encodeURIComponent(dynamicFieldContext?.selectedKey ?? '')}/choice/translate/en`,
  named,
)
export const eventPicker = picker(() => 'event/', named)
export const listPicker = picker(() => 'contactlist', named)
