import type { FailureExplainer } from 'waybill'
import type { DeadLetter, DeadLetters as StoredDeadLetters } from 'waybill/queue'
import type { DeadLetters } from '../report/dead-letters'

const chunk = 200

/**
 * Moves the dead letters of a run from the store into a file: each is deleted there when it is written here, and none when
 * the file cannot be written.
 */
export async function moveDeadLetters(
  dead: StoredDeadLetters,
  since: number,
  file: DeadLetters,
  why: FailureExplainer,
): Promise<void> {
  for (;;) {
    const { letters } = await dead.list({ since }, { limit: chunk })
    if (letters.length === 0 || file.failure !== undefined) return
    for (const letter of letters) add(letter, file, why)
    file.flush()
    if (file.failure !== undefined) return
    await dead.drop({ ids: letters.map(({ id }) => id) })
  }
}

function add({ delivery, outcome }: DeadLetter, file: DeadLetters, why: FailureExplainer): void {
  const { event, history, connection, subscription, idempotencyKey } = delivery
  const whole = { ...outcome, connection, subscription, idempotencyKey }
  // It stood in some record of the input; which one does not matter, since the store had it.
  file.add({
    outcome: whole,
    event,
    attempts: history,
    why: why(whole, event),
    record: Number.POSITIVE_INFINITY,
  })
}
