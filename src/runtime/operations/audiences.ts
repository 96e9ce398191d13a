import type {
  AudienceDestinationConfigurationWithCreateGet,
  AudienceDestinationDefinition,
} from '@segment/actions-core/destination-kit'
import { InvalidPayload } from '../../pipeline/prepare'
import type { OpenConnection } from '../open/open-connection'
import { checkValues } from '../open/settings'
import { notSupported } from './find'
import {
  badAnswer,
  invalidInput,
  type OperationContext,
  type OperationResult,
  runOperation,
} from './operation'

/** An audience that the destination is to create. */
export type NewAudience = {
  readonly audienceName: string
  /** Values of the definition's `audienceFields`. Their defaults fill what is missing. */
  readonly audienceSettings?: Readonly<Record<string, unknown>>
  /** What Engage says of the audience: `computation_id`, `computation_key`, `namespace`. */
  readonly personas?: Readonly<Record<string, unknown>>
}

/** An audience that the destination has. */
export type ExistingAudience = {
  readonly externalId: string
  readonly audienceSettings?: Readonly<Record<string, unknown>>
}

/** The id by which the destination knows an audience. */
export type AudienceId = { readonly externalId: string }

/**
 * Creates an audience at the destination.
 * @throws ConfigurationError NOT_SUPPORTED for a destination that has no audiences to create.
 */
export const createAudience = (
  connection: OpenConnection,
  during: OperationContext,
  audience: NewAudience,
): Promise<OperationResult<AudienceId>> => callAudience(connection, during, 'createAudience', audience)

/**
 * Asks the destination for an audience.
 * @throws ConfigurationError NOT_SUPPORTED for a destination that has no audiences to ask for.
 */
export const getAudience = (
  connection: OpenConnection,
  during: OperationContext,
  audience: ExistingAudience,
): Promise<OperationResult<AudienceId>> => callAudience(connection, during, 'getAudience', audience)

async function callAudience(
  connection: OpenConnection,
  during: OperationContext,
  operation: 'createAudience' | 'getAudience',
  audience: NewAudience | ExistingAudience,
): Promise<OperationResult<AudienceId>> {
  const { audienceConfig, audienceFields = {} } =
    connection.destination as Partial<AudienceDestinationDefinition>
  const call = (audienceConfig as Partial<AudienceDestinationConfigurationWithCreateGet> | undefined)?.[
    operation
  ]
  if (call === undefined)
    throw notSupported(`the destination ${connection.destination.name} has no audienceConfig.${operation}`)
  const audienceSettings = checkValues(audienceFields, audience.audienceSettings ?? {})
  if (audienceSettings instanceof InvalidPayload) return invalidInput(audienceSettings)
  const result = await runOperation({
    connection,
    during,
    input: { ...audience, audienceSettings },
    call: (request, input) => call(request as never, input as never),
  })
  if (!result.ok) return result
  const { externalId } = (result.value ?? {}) as { externalId?: unknown }
  if (typeof externalId !== 'string' || externalId === '')
    return badAnswer(`audienceConfig.${operation} returned no externalId`)
  return { ok: true, value: { externalId } }
}
