import type { ConnectionOperations, OperationResult, Outcome } from 'waybill'
import type { AnyDestination } from './harness-options'
import { type SampleField, sampleValue } from './sample-value'

/** Something that is asked of a connection beside delivering events. */
export type OperationRun = {
  readonly title: string
  readonly ask: (connection: ConnectionOperations) => Promise<OperationResult<unknown> | Outcome>
}

/** What belongs together in one snapshot: `trackEvent › dynamic field list`. */
export type OperationCase = { readonly group: string; readonly name: string; readonly run: OperationRun }

type Fields = Readonly<Record<string, SampleField>>
/** Fills the fields of an action for what is asked about it. */
export type PayloadOf = (action: string) => Promise<Readonly<Record<string, unknown>>>

/** A value for each field without a default. */
export const sampleInputs = (fields: Fields = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field.default === undefined)
      .map(([key, field]) => [key, sampleValue(key, field)]),
  )

/** The paths of all handlers: of a field, and of what is in one. */
const handlerPaths = (handlers: Readonly<Record<string, unknown>> = {}): string[] =>
  Object.entries(handlers).flatMap(([key, handler]) =>
    typeof handler === 'function'
      ? [key]
      : Object.keys((handler ?? {}) as object).map((property) => `${key}.${property}`),
  )

const dynamicKeys = (fields: Readonly<Record<string, unknown>> = {}): string[] =>
  Object.entries(fields).flatMap(([key, field]) =>
    typeof (field as { dynamic?: unknown }).dynamic === 'function' ? [key] : [],
  )

function actionCases(slug: string, action: AnyDestination['actions'][string], payloadOf: PayloadOf) {
  const fields = handlerPaths(action.dynamicFields as Readonly<Record<string, unknown>> | undefined)
  const hooks = Object.entries(action.hooks ?? {}).filter(
    ([, hook]) => typeof (hook as { performHook?: unknown } | undefined)?.performHook === 'function',
  ) as [string, { readonly inputFields?: Fields }][]
  return [
    ...fields.map(
      (field): OperationCase => ({
        group: slug,
        name: `dynamic field ${field}`,
        run: {
          title: field,
          ask: async (connection) =>
            connection.dynamicField({ action: slug, field, payload: await payloadOf(slug) }),
        },
      }),
    ),
    ...hooks.flatMap(([hook, { inputFields }]): OperationCase[] => [
      {
        group: slug,
        name: `hook ${hook}`,
        run: {
          title: hook,
          ask: async (connection) =>
            connection.runHook({
              action: slug,
              hook: hook as never,
              inputs: sampleInputs(inputFields),
              payload: await payloadOf(slug),
            }),
        },
      },
      ...dynamicKeys(inputFields).map((field) => ({
        group: slug,
        name: `hook ${hook}, dynamic field ${field}`,
        run: {
          title: field,
          ask: (connection: ConnectionOperations) =>
            connection.dynamicField({ action: slug, hook: hook as never, field }),
        },
      })),
    ]),
  ]
}

function audienceCases(definition: AnyDestination): OperationCase[] {
  const { audienceConfig = {}, audienceFields } = definition as {
    readonly audienceConfig?: { readonly createAudience?: unknown; readonly getAudience?: unknown }
    readonly audienceFields?: Fields
  }
  const audienceSettings = sampleInputs(audienceFields)
  const personas = {
    computation_id: 'aud_2fCSWJLPXbIXfyQhQfDwLSZSAGu',
    computation_key: 'big_spenders',
    namespace: 'spa_kH6Y1mTsRGqLcXnPwJ3dVe',
  }
  const cases: [unknown, string, OperationRun['ask']][] = [
    [
      audienceConfig.createAudience,
      'create',
      (connection) => connection.createAudience({ audienceName: 'Big Spenders', audienceSettings, personas }),
    ],
    [
      audienceConfig.getAudience,
      'get',
      (connection) => connection.getAudience({ externalId: '4711', audienceSettings }),
    ],
  ]
  return cases.flatMap(([handler, name, ask]) =>
    typeof handler === 'function' ? [{ group: 'audience', name, run: { title: name, ask } }] : [],
  )
}

/** Everything that a definition can be asked beside delivering events, each once. */
export function operationCases(definition: AnyDestination, payloadOf: PayloadOf): OperationCase[] {
  const { authentication, onDelete, actions } = definition
  const fields = authentication?.fields as Readonly<Record<string, unknown>> | undefined
  return [
    ...(authentication?.testAuthentication === undefined
      ? []
      : [
          {
            group: 'connection',
            name: 'test of the credentials',
            run: {
              title: 'test',
              ask: (connection: ConnectionOperations) => connection.testAuthentication(),
            },
          },
        ]),
    ...dynamicKeys(fields).map((field) => ({
      group: 'connection',
      name: `dynamic field ${field}`,
      run: {
        title: field,
        ask: (connection: ConnectionOperations) => connection.dynamicField({ field }),
      },
    })),
    ...(onDelete === undefined
      ? []
      : [
          {
            group: 'connection',
            name: 'deletion of a person',
            run: {
              title: 'deletion',
              ask: (connection: ConnectionOperations) =>
                connection.delete({ userId: 'user_66fe7ff1cee6', anonymousId: 'e5674c6d' }),
            },
          },
        ]),
    ...audienceCases(definition),
    ...Object.entries(actions).flatMap(([slug, action]) => actionCases(slug, action, payloadOf)),
  ]
}
