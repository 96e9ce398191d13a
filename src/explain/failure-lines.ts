import type { FieldProblem, Outcome } from '../outcome'
import type { MappingNode } from '../pipeline/mapping/node'
import { nodeText, traceNode } from './trace-node'

const maxFields = 2

/** What to do about a fault, by the outcome and by who has to act. */
function adviceOf(outcome: Extract<Outcome, { owner: unknown }>): string {
  if (outcome.kind === 'blocked') return 'Put the credentials right, then send the dead letters again.'
  if (outcome.kind === 'retry')
    return `It may be sent again: ${attemptsText(outcome.attempt)} within the time that was allowed.`
  if (outcome.kind === 'unknown') return 'It may have arrived; sending it again may deliver it twice.'
  if (outcome.owner === 'event')
    return 'Mend the event or the mapping; sending the same again changes nothing.'
  if (outcome.owner === 'configuration') return 'Change the settings, then send the dead letters again.'
  return 'The refusal is final; sending the same again changes nothing.'
}

const attemptsText = (attempts: number): string =>
  attempts === 0
    ? 'it was never tried'
    : attempts === 1
      ? 'it was tried once'
      : `it was tried ${attempts} times`

/**
 * Why an event was not delivered, in one to three lines. Says which paths the mapping reads, never a value of the
 * event. `root` is the mapping of the subscription, if it is known.
 */
export function failureLines(outcome: Outcome, event: unknown, root?: MappingNode): string[] {
  if (!('owner' in outcome)) return []
  if (outcome.kind === 'invalid' && outcome.fields.length > 0) {
    const { fields } = outcome
    const lines = fields.slice(0, maxFields).map((field) => fieldLine(field, event, root))
    return fields.length > maxFields
      ? [
          ...lines,
          `So it is with ${fields
            .slice(maxFields)
            .map(({ path }) => path)
            .join(', ')}.`,
        ]
      : lines
  }
  const vendor = outcome.vendorCode === undefined ? '' : ` (${outcome.vendorCode})`
  return [`${outcome.code}: ${outcome.message}${vendor}`, adviceOf(outcome)]
}

function fieldLine({ path, message }: FieldProblem, event: unknown, root: MappingNode | undefined): string {
  if (root === undefined) return message
  const found = nodeAt(
    root,
    path.split(/[.[\]]+/).filter((key) => key !== ''),
  )
  const sentence = message.replace(/\.$/, '')
  if (found === undefined) return `${sentence}: the mapping does not fill it.`
  const reads = `${sentence}: the mapping reads ${nodeText(found.node)}`
  if (!found.isOfEvent) return `${reads}, in an item of a list.`
  const { output, error } = traceNode(found.node, event)
  if (error !== undefined) return `${reads}, which fails: ${error}.`
  return output === undefined ? `${reads}, which the event does not have.` : `${reads}.`
}

/** The part of a mapping that fills a place of the payload. `isOfEvent`: it reads the event, not an item of a list. */
function nodeAt(
  root: MappingNode,
  keys: readonly string[],
): { node: MappingNode; isOfEvent: boolean } | undefined {
  let node: MappingNode | undefined = root
  let isOfEvent = true
  for (const [depth, key] of keys.entries()) {
    if (node.kind === 'record') node = node.entries.find(([name]) => name === key)?.[1]
    else if (node.kind === 'each') {
      node = node.shape
      isOfEvent = false
    } else if (node.kind === 'list') node = node.items[Number(key)]
    else return depth === 0 ? undefined : { node, isOfEvent }
    if (node === undefined) return undefined
  }
  return { node, isOfEvent }
}
