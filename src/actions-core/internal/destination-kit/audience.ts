import type {
  AudienceDestinationDefinition,
  DestinationDefinition,
  GlobalSetting,
} from '@segment/actions-core'
import type {
  AudienceDestinationConfigurationWithCreateGet,
  AudienceResult,
} from '@segment/actions-core/destination-kit'
import type { RequestFunction } from '../../create-request-client'
import { fieldsToJsonSchema } from '../../destination-kit/fields-to-jsonschema'
import { validateSchema } from '../../schema-validation'

/** What `createAudience` and `getAudience` of a destination get. */
export type AudienceInput = {
  // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ
  settings: any
  // biome-ignore lint/suspicious/noExplicitAny: settings types of audiences differ
  audienceSettings?: any
}

type Operation = 'createAudience' | 'getAudience'

/** Gives a function that calls the definition's operation on audiences. Throws when it has none. */
export function audienceOperation(
  // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ
  definition: DestinationDefinition<any>,
  operation: Operation,
  input: AudienceInput,
): (request: RequestFunction) => Promise<AudienceResult> {
  const { audienceConfig, audienceFields } = definition as Partial<AudienceDestinationDefinition>
  if (!audienceConfig || !('createAudience' in audienceConfig && 'getAudience' in audienceConfig))
    throw new Error(`Unexpected call to ${operation}`)
  if (operation === 'createAudience') checkAudienceSettings(audienceFields, input.audienceSettings)
  const config = audienceConfig as AudienceDestinationConfigurationWithCreateGet
  return async (request) => config[operation](request as never, input as never)
}

function checkAudienceSettings(fields: Record<string, GlobalSetting> | undefined, settings: unknown): void {
  if (!settings || Object.keys(settings).length === 0) return
  validateSchema(settings, fieldsToJsonSchema(fields), { exempt: ['dynamicAuthSettings'] })
}
