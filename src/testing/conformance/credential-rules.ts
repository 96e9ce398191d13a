import type { Harness } from '../harness/create-harness'
import type { RecordedRequest } from '../harness/recorder'
import { askOnWaybill, runOnWaybill } from '../harness/run'
import type { ConformanceRule } from './conformance-rule'

/** Whether a destination proves who it is. */
export const credentialRules: readonly ConformanceRule[] = [
  {
    promise: 'uses every secret that its settings require',
    check: async ({ harness }) => {
      const { definition } = harness.stage
      const text = JSON.stringify((await requestsOf(harness)).map((request) => shapeOf(harness, request)))
      return Object.entries(definition.authentication?.fields ?? {})
        .filter(
          ([key, { required }]) => required === true && harness.secrets.some(({ name }) => name === key),
        )
        .filter(([key]) => !text.includes(`{${key}`))
        .map(([key]) => `no request carries the setting ${key}: is a constant sent in its place?`)
    },
  },
]

/**
 * Where and how each request of a destination carries credentials, once for each form: `POST api.example.com:
 * authorization: Bearer {apiKey}`. Held against a snapshot, so that no change goes unseen.
 */
export async function credentialForms(harness: Harness): Promise<string[]> {
  const forms = (await requestsOf(harness)).map((request) => {
    const { url, headers, body } = shapeOf(harness, request)
    const carried = [
      ...Object.entries(headers)
        .filter(([name, value]) => isCredential(name) || hasName(value))
        .map(([name, value]) => `${name}: ${value}`),
      ...(hasName(url) ? [`address: ${url}`] : []),
      ...(body.match(/[^\s,{}&]*[=:]? ?"?\{[A-Za-z][^}\s"]*\}"?/g) ?? []).map((part) => `body: ${part}`),
    ]
    return `${request.method} ${new URL(request.url).host}: ${carried.sort().join(', ') || 'no credentials'}`
  })
  return [...new Set(forms)].sort()
}

const isCredential = (name: string): boolean => /auth|cookie|token|secret|key|signature/i.test(name)
const hasName = (text: string): boolean => /\{[A-Za-z][^}]*\}/.test(text)

const shapeOf = ({ redact }: Harness, { url, headers, body = '' }: RecordedRequest) => ({
  url: redact.text(url),
  headers: redact.headers(headers),
  body: redact.text(body),
})

/** Every kind of request that the definition makes: of each action, of the renewal, and of what it can be asked. */
async function requestsOf(harness: Harness): Promise<RecordedRequest[]> {
  const requests: RecordedRequest[] = []
  for (const slug of Object.keys(harness.stage.definition.actions)) {
    const runs = [await harness.fieldsRun(slug, 'all')]
    if (harness.stage.definition.actions[slug]?.performBatch !== undefined)
      runs.push(await harness.batchRun(slug))
    for (const run of runs) requests.push(...(await runOnWaybill(harness.stage, run)).calls.map(requestOf))
  }
  const refresh = await harness.refreshRun()
  if (refresh !== undefined)
    requests.push(...(await runOnWaybill(harness.stage, refresh)).calls.map(requestOf))
  for (const { run } of harness.operations)
    requests.push(...(await askOnWaybill(harness.stage, run)).calls.map(requestOf))
  return requests
}

const requestOf = ({ request }: { readonly request: RecordedRequest }): RecordedRequest => request
