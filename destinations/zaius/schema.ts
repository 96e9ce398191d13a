import type { DynamicFieldResponse, RequestClient } from 'waybill'
import { keyProblem } from './answers'
import { address, type ConnectionSettings, privateKeyHeader } from './api'

/** A field of an object of the account, as far as it is looked at. */
export type AccountField = {
  readonly name: string
  readonly display_name?: string
  readonly type?: string
  readonly auto?: boolean
}

type Input = { readonly settings: ConnectionSettings }

/** What the account answers to a question; undefined with what went wrong. */
async function ask(request: RequestClient, settings: ConnectionSettings, path: string) {
  const { status, data } = await request(address(settings, path), {
    method: 'get',
    headers: privateKeyHeader(settings),
    throwHttpErrors: false,
  })
  if (status >= 200 && status < 300) return { data: data as unknown }
  const { message = `ODP answered ${status}` } = keyProblem(status, data) ?? {}
  return { failure: { message, code: String(status) } }
}

/**
 * The fields that an account has on an object.
 * @throws Error where the key may not read them.
 */
export async function accountFields(
  request: RequestClient,
  settings: ConnectionSettings,
  object: string,
): Promise<readonly AccountField[]> {
  const { data, failure } = await ask(request, settings, `/schema/objects/${object}/fields`)
  if (failure !== undefined) throw new Error(failure.message)
  return Array.isArray(data) ? (data as AccountField[]) : []
}

const failed = (failure: { message: string; code: string }): DynamicFieldResponse => ({
  choices: [],
  nextPage: '',
  error: failure,
})

/** A picker of the fields that an account has on an object. */
export const fieldChoices =
  (object: 'customers' | 'events') =>
  async (request: RequestClient, { settings }: Input): Promise<DynamicFieldResponse> => {
    const { data, failure } = await ask(request, settings, `/schema/objects/${object}/fields`)
    if (failure !== undefined) return failed(failure)
    const fields = Array.isArray(data) ? (data as AccountField[]) : []
    return {
      choices: fields
        .filter(({ auto }) => auto !== true)
        .map(({ name, display_name, type }) => ({
          value: name,
          label: display_name || name,
          ...(type !== undefined && { type: choiceType(type) }),
        })),
      nextPage: '',
    }
  }

/** What the value of a field is for the platform. */
const choiceType = (type: string) => {
  if (type === 'timestamp') return 'datetime'
  return type === 'number' || type === 'boolean' ? type : 'string'
}

/** A picker of the lists of an account. */
export async function listChoices(
  request: RequestClient,
  { settings }: Input,
): Promise<DynamicFieldResponse> {
  const { data, failure } = await ask(request, settings, '/lists')
  if (failure !== undefined) return failed(failure)
  const { lists = [] } = (data ?? {}) as { lists?: readonly { list_id: string; name?: string }[] }
  return {
    choices: lists.map(({ list_id, name }) => ({ value: list_id, label: name || list_id })),
    nextPage: '',
  }
}
