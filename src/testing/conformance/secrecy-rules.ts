import { createRedact } from 'waybill'
import type { Harness } from '../harness/create-harness'
import { createCredentialShapes } from '../harness/credential-shapes'
import { type Run, runOnWaybill } from '../harness/run'
import type { ConformanceRule } from './conformance-rule'

/** Where a destination keeps quiet about its credentials. */
export const secrecyRules: readonly ConformanceRule[] = [
  {
    promise: 'puts no secret into the address of a request',
    check: async ({ harness }) =>
      perAction(harness, async (run) =>
        (await runOnWaybill(harness.stage, run)).calls
          .map(({ request }) => request.url)
          .filter((url) => harness.secrets.some(({ value }) => hides(value, url)))
          .map((url) => `a secret is part of ${harness.redact.text(url)}`),
      ),
  },
  {
    promise: 'lets no secret into an outcome, though the vendor repeats it',
    check: async ({ harness }) =>
      perAction(harness, async (run) => {
        const text = `refused: ${harness.secrets.map(({ value }) => value).join(' ')}`
        const body = { message: text, error: { message: text }, detail: { message: text }, errors: [text] }
        const problems: string[] = []
        for (const status of [400, 401, 500]) {
          const { outcomes } = await runOnWaybill(harness.stage, { ...run, reply: { status, body } })
          if (harness.secrets.some(({ value }) => hides(value, JSON.stringify(outcomes))))
            problems.push(`the outcome of a ${status} holds a secret`)
        }
        return problems
      }),
  },
]

/** Whether a text holds a secret in any spelling, and not only under a name that says so. */
const hides = (secret: string, text: string): boolean =>
  createCredentialShapes([{ name: 'secret', value: secret }])
    .text(text)
    .includes('{secret') || createRedact([secret]).text(text) !== createRedact([]).text(text)

async function perAction(harness: Harness, check: (run: Run) => Promise<string[]>): Promise<string[]> {
  const problems: string[] = []
  for (const slug of Object.keys(harness.stage.definition.actions))
    problems.push(
      ...(await check(await harness.fieldsRun(slug, 'all'))).map((problem) => `${slug}: ${problem}`),
    )
  return problems
}
