import * as fc from 'fast-check'
import { eventValue, oddPathText, pathText, randomEvent, runs } from '../src/pipeline/random-mapping'
import { copy, expectSame, ours, outcomeOf, type theirs } from '../support/both-cores'

type Kit = Record<string, (...parameters: unknown[]) => unknown>
const kit = (core: typeof theirs, path: string): Kit =>
  require(`${core === ours ? 'waybill/actions-core' : '@segment/actions-core'}/${path}`)

const path = fc.oneof(
  pathText,
  oddPathText,
  fc.constantFrom('a[0]', 'a[0][1]', "a['b'].c", 'a["b c"]', 'a[b.c]', '[0]', 'a..b', 'a.', ']', 'a]b'),
  fc.array(fc.constantFrom('a', 'b', '0', 'x y', ''), { maxLength: 3 }),
)

test('values are read by the same paths', async () => {
  await fc.assert(
    fc.asyncProperty(randomEvent, path, async (event, at) => {
      await expectSame((core) => core.get(event, at as never))
    }),
    runs(1000),
  )
})

const anything = fc.oneof(
  eventValue,
  fc.anything({ withDate: true, withMap: true, withNullPrototype: true, maxDepth: 2 }),
)

test('values are recognized, copied and cut alike', async () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 })
  await fc.assert(
    fc.asyncProperty(anything, keys, async (value, without) => {
      await expectSame((core) => [
        core.realTypeOf(value),
        core.isObject(value),
        core.isArray(value),
        core.isString(value),
      ])
      await expectSame((core) => core.removeUndefined({ value, list: [undefined, value], none: undefined }))
      await expectSame((core) => core.omit({ a: value, b: 1, c: undefined }, without))
    }),
    runs(800),
  )
})

test('objects are flattened and templates rendered alike', async () => {
  const separator = fc.constantFrom('.', '_', '')
  const text = fc.constantFrom('{{a}}', '{{ a.b }}-{{{b}}}', '{{}}', '{{ }}', 'plain', 5, undefined)
  await fc.assert(
    fc.asyncProperty(
      eventValue,
      separator,
      fc.boolean(),
      text,
      async (value, mark, withoutLists, template) => {
        await expectSame((core) =>
          kit(core, 'mapping-kit/flatten').flattenObject?.(value, '', mark, withoutLists),
        )
        await expectSame((core) => kit(core, 'mapping-kit/placeholders').render?.(template, value))
      },
    ),
    runs(800),
  )
})

const tokens = fc.record(
  {
    access_token: eventValue,
    refresh_token: eventValue,
    clientId: eventValue,
    clientSecret: eventValue,
    refresh_token_url: eventValue,
  },
  { requiredKeys: [] },
)

test('tokens are read from settings, and put into them, alike', async () => {
  const settings = fc.record({ key: eventValue, oauth: tokens }, { requiredKeys: [] })
  const renewed = fc.record(
    { accessToken: fc.constant('new'), refreshToken: fc.constantFrom('next', '', undefined) },
    { requiredKeys: ['accessToken'] },
  )
  await fc.assert(
    fc.asyncProperty(settings, renewed, async (given, result) => {
      await expectSame((core) => {
        const { getAuthData, getOAuth2Data, updateOAuthSettings } = kit(
          core,
          'destination-kit/parse-settings',
        )
        const own = copy(given)
        return [getAuthData?.(own), getOAuth2Data?.(own), updateOAuthSettings?.(own, result), own]
      })
    }),
    runs(500),
  )
})

test('attempts are counted alike', async () => {
  const answer = fc.constantFrom('returns', 'returns false', 'throws', 'throws nothing')
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { minLength: 1, maxLength: 5 }),
      fc.option(fc.nat(4), { nil: undefined }),
      fc.boolean(),
      async (answers, retries, asks) => {
        await expectSame(async (core) => {
          const calls: unknown[] = []
          const outcome = await outcomeOf(() =>
            core.retry(
              async (attempt) => {
                const kind = answers[attempt - 1] ?? 'returns'
                calls.push(['input', attempt])
                if (kind === 'throws') throw new Error(`attempt ${attempt}`)
                if (kind === 'throws nothing') throw undefined
                return kind
              },
              {
                ...(retries === undefined ? {} : { retries }),
                onFailedAttempt: (_error, attempt) => void calls.push(['failed', attempt]),
                ...(asks
                  ? {
                      shouldRetry: async (result: unknown, attempt: number) =>
                        calls.push(attempt) > 0 && result === 'returns',
                    }
                  : {}),
              },
            ),
          )
          return [outcome, calls]
        })
      },
    ),
    runs(500),
  )
})

test('an audience is entered and left by the same events', async () => {
  const flag = fc.constantFrom<unknown>(true, false, 'true', null, undefined)
  const event = fc.record(
    {
      type: fc.constantFrom('track', 'identify', 'page'),
      event: fc.constantFrom('new', 'updated', 'deleted', 'other', undefined),
      traits: fc.record({ aud: flag }),
      properties: fc.record({ aud: flag }),
      context: fc.record({
        personas: fc.record({
          computation_class: fc.constantFrom('audience', 'journey_step', 'other'),
          computation_key: fc.constantFrom('aud', '', undefined, 5),
        }),
      }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  const mode = fc.constantFrom('add', 'update', 'upsert', 'delete', 'mirror', 'other', undefined)
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(event, fc.constantFrom(undefined, null, {}, [])),
      mode,
      async (given, syncMode) => {
        await expectSame((core) => core.resolveAudienceMembership(given as never, syncMode as never))
      },
    ),
    runs(1000),
  )
})

test('schemas are applied alike, with every option', async () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    properties: {
      a: { type: 'string' },
      b: { type: 'number' },
      list: { type: 'array', items: { type: 'integer' } },
    },
    required: ['a'],
  }
  const value = fc.record(
    { a: eventValue, b: eventValue, list: eventValue, more: eventValue },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(
      value,
      fc.boolean(),
      fc.constantFrom<string[] | undefined>(undefined, ['more'], ['b']),
      async (given, throws, exempt) => {
        await expectSame((core) => {
          const own = copy(given)
          const isValid = core.validateSchema(own, schema as never, {
            throwIfInvalid: throws,
            ...(exempt ? { exempt } : {}),
          })
          return [isValid, own]
        })
      },
    ),
    runs(800),
  )
})
