import { ConfigurationError } from 'waybill'
import type { AttemptRecord, DeadLetter, EndedDelivery, WaitingDelivery } from 'waybill/queue'
import { openStoreReader, type StoreOptions } from '../store/open-store'
import { ageText, timeText } from '../store/times'
import type { Terminal } from '../terminal'

const attemptLine = ({ attempt, at, kind, code, message, nextAfterMs }: AttemptRecord): string =>
  `    attempt ${attempt}, ${at}: ${kind}${code === undefined ? '' : ` ${code}`}${message === undefined ? '' : `: ${message}`}${nextAfterMs === undefined ? '' : `; again after ${ageText(nextAfterMs)}`}`

const deadLines = ({ id, diedAt, reason, delivery, outcome }: DeadLetter): string[] => [
  `  ${delivery.connection} / ${delivery.subscription}: dead since ${timeText(diedAt)}, ${reason} (dead letter ${id})`,
  ...delivery.history.map(attemptLine),
  ...('message' in outcome ? [`    ended as ${outcome.kind}: ${outcome.message}`] : []),
]

const waitingStates: Readonly<Record<WaitingDelivery['state'], string>> = {
  ready: 'due now',
  waiting: 'waits for its next attempt',
  leased: 'is being delivered',
  behind: 'waits for an earlier event of the same person',
}

const waitingLines = ({ delivery, state, dueAt }: WaitingDelivery): string[] => [
  `  ${delivery.connection} / ${delivery.subscription}: ${waitingStates[state]}${dueAt === undefined || state !== 'waiting' ? '' : ` at ${timeText(dueAt)}`}`,
  ...delivery.history.map(attemptLine),
]

const endedLine = ({ connection, subscription, endedAt, attempts }: EndedDelivery): string =>
  `  ${connection} / ${subscription}: ended ${timeText(endedAt)} after ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}`

/**
 * `waybill dead show ID`: what became of one event, by the id of a dead letter or by its message id. Gives the exit code.
 * @throws ConfigurationError NOT_FOUND where the store knows nothing of it.
 */
export async function showDead(id: string, options: StoreOptions, terminal: Terminal): Promise<number> {
  const store = await openStoreReader(options, terminal)
  try {
    const { letters } = await store.dead.list({ ids: [id] })
    const messageId = letters[0]?.delivery.event.messageId ?? id
    const journey = await store.journey(messageId)
    const dead = journey.dead.length > 0 ? journey.dead : letters
    const event = (dead[0] ?? journey.waiting[0])?.delivery.event
    if (dead.length + journey.waiting.length + journey.ended.length === 0)
      throw new ConfigurationError(
        'NOT_FOUND',
        `the store knows no dead letter and no message id "${id}"; what was delivered is not kept`,
      )
    const lines = [
      messageId,
      ...dead.flatMap(deadLines),
      ...journey.waiting.flatMap(waitingLines),
      ...journey.ended.map(endedLine),
      ...(event === undefined ? [] : ['', JSON.stringify(event, null, 2)]),
    ]
    await terminal.stdout.write(`${lines.join('\n')}\n`)
    return 0
  } finally {
    await store.close()
  }
}
