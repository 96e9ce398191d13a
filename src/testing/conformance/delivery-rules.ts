import type { Outcome } from 'waybill'
import { failures } from '../harness/failures'
import { type Reply, replyText } from '../harness/reply'
import { type Run, runOnWaybill } from '../harness/run'
import type { ConformanceRule, Subject } from './conformance-rule'
import { leavesOf } from './leaves'

/** What a destination promises when events are delivered. */
export const deliveryRules: readonly ConformanceRule[] = [
  {
    promise: 'delivers the event of each action with all of its fields',
    check: (subject) =>
      eachAction(subject, async (slug) =>
        notDelivered(await runOnWaybill(subject.harness.stage, await subject.harness.fieldsRun(slug, 'all'))),
      ),
  },
  {
    promise: 'fills the required fields of each action from the event that it is for',
    check: (subject) =>
      eachAction(subject, async (slug) => {
        const run = await subject.harness.fieldsRun(slug, 'defaults')
        const { outcomes } = await runOnWaybill(subject.harness.stage, run)
        return outcomes.flatMap((outcome) => (outcome.kind === 'invalid' ? [describe(outcome)] : []))
      }),
  },
  {
    promise: 'has presets that deliver the events that they are for',
    check: async ({ harness }) => {
      const problems: string[] = []
      for (const preset of harness.stage.definition.presets ?? []) {
        const runs = await harness.presetRuns(preset)
        if (runs.length === 0)
          problems.push(`preset "${preset.name}": no sample event passes its filter; give one in "events"`)
        for (const run of runs) {
          const { outcomes } = await runOnWaybill(harness.stage, run)
          problems.push(
            ...outcomes
              .filter(({ kind }) => kind === 'invalid' || kind === 'rejected')
              .map((outcome) => `preset "${preset.name}", ${run.title}: ${describe(outcome)}`),
          )
        }
      }
      return problems
    },
  },
  {
    promise: 'sends in a batch what it sends one by one',
    check: (subject) =>
      eachBatchedAction(subject, async (slug) => {
        const batch = await subject.harness.batchRun(slug)
        const alone = await sent(subject, { ...batch, subscription: { ...batch.subscription, batch: false } })
        const together = await sent(subject, batch)
        const missing = alone.leaves.filter((leaf) => !together.leaves.includes(leaf))
        const kinds = [alone, together].map(({ outcomes }) => outcomes.map(({ kind }) => kind).join(', '))
        return [
          ...(missing.length === 0 ? [] : [`the batch leaves out ${missing.join(', ')}`]),
          ...(kinds[0] === kinds[1]
            ? []
            : [`alone the events end as ${kinds[0]}, in a batch as ${kinds[1]}`]),
        ]
      }),
  },
  {
    promise: 'ends every event in an explained outcome, alone and in a batch',
    check: (subject) =>
      eachAction(subject, async (slug) => {
        const alone = await subject.harness.fieldsRun(slug, 'all')
        const hasBatch = subject.harness.stage.definition.actions[slug]?.performBatch !== undefined
        const runs = hasBatch ? [alone, await subject.harness.batchRun(slug)] : [alone]
        const problems: string[] = []
        for (const run of runs)
          for (const reply of failures) problems.push(...(await unexplained(subject, run, reply)))
        return problems
      }),
  },
]

const describe = (outcome: Outcome): string =>
  'code' in outcome ? `${outcome.kind} ${outcome.code}: ${outcome.message}` : outcome.kind

const notDelivered = ({ outcomes }: { outcomes: readonly Outcome[] }): string[] =>
  outcomes.filter(({ kind }) => kind !== 'delivered').map(describe)

async function eachAction(
  { harness }: Subject,
  check: (slug: string) => Promise<readonly string[]>,
): Promise<string[]> {
  const problems: string[] = []
  for (const slug of Object.keys(harness.stage.definition.actions))
    problems.push(...(await check(slug)).map((problem) => `${slug}: ${problem}`))
  return problems
}

const eachBatchedAction = (
  subject: Subject,
  check: (slug: string) => Promise<readonly string[]>,
): Promise<string[]> =>
  eachAction(subject, async (slug) =>
    subject.harness.stage.definition.actions[slug]?.performBatch === undefined ? [] : check(slug),
  )

async function sent({ harness }: Subject, run: Run) {
  const { calls, outcomes } = await runOnWaybill(harness.stage, run)
  return { outcomes, leaves: calls.flatMap(({ request }) => leavesOf(request.body)) }
}

/** Which kinds of outcome an answer can have, whatever the destination makes of it. */
const expectedKinds = (reply: Reply): readonly Outcome['kind'][] => {
  if (reply === 'time-out') return ['retry', 'unknown']
  if (reply.status === 429 || reply.status >= 500) return ['retry', 'unknown']
  return ['rejected', 'blocked', 'invalid', 'retry']
}

async function unexplained({ harness }: Subject, run: Run, reply: Reply): Promise<string[]> {
  const { calls, outcomes } = await runOnWaybill(harness.stage, { ...run, reply })
  if (calls.length === 0) return []
  const kinds = expectedKinds(reply)
  return outcomes.flatMap((outcome) => {
    const where = `${replyText(reply)}${run.events.length > 1 ? ' in a batch' : ''}`
    if (!kinds.includes(outcome.kind))
      return [`${where} ends as ${describe(outcome)}, not as ${kinds.join(' or ')}`]
    return 'message' in outcome && outcome.message === '' ? [`${where} has no message`] : []
  })
}
