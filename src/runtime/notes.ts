import type { DeliveryNotes } from '../definition/execute-input'
import type { DeliveryNote } from '../outcome'

/** What an action said about one attempt; made per attempt, allocates only when something is said. */
export class AttemptNotes implements DeliveryNotes {
  private readonly entries: { note: DeliveryNote; item: number; isSkip: boolean }[] = []

  dropped(field: string, reason: string, item = 0): void {
    this.entries.push({ note: { field, reason }, item, isSkip: false })
  }

  nothingToSend(reason: string, item = 0): void {
    this.entries.push({ note: { reason }, item, isSkip: true })
  }

  /** The notes about one payload of the attempt, or undefined. */
  about(item: number): readonly DeliveryNote[] | undefined {
    const notes = this.entries.filter((entry) => entry.item === item).map((entry) => entry.note)
    return notes.length === 0 ? undefined : notes
  }

  /** Whether the action found nothing to send for one payload. */
  isNothingToSend(item: number): boolean {
    return this.entries.some((entry) => entry.item === item && entry.isSkip)
  }
}
