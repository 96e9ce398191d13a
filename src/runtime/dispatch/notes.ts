import { inputMark } from '../../contract/multi-status'
import type { DeliveryNotes } from '../../definition/execute-input'
import type { DeliveryNote } from '../../outcome'

type Entry = { readonly note: DeliveryNote; readonly item: number; readonly isSkip: boolean }

/** Instead of a payload's place: the note is about all payloads of the attempt. */
const everyItem = -1

/** What an action said about one attempt; made per attempt, allocates only when something is said. */
export class AttemptNotes implements DeliveryNotes {
  private entries: Entry[] | undefined = undefined

  /** `createMultiStatus` knows by the notes that an input is ours. */
  get [inputMark](): true {
    return true
  }

  dropped(field: string, reason: string, item = 0): void {
    this.add({ note: { field, reason }, item, isSkip: false })
  }

  nothingToSend(reason: string, item = 0): void {
    this.add({ note: { reason }, item, isSkip: true })
  }

  /** Something that holds for the whole attempt. */
  noteAll(reason: string): void {
    this.add({ note: { reason }, item: everyItem, isSkip: false })
  }

  private add(entry: Entry): void {
    this.entries ??= []
    this.entries.push(entry)
  }

  /** The notes about one payload of the attempt, or undefined. */
  about(item: number): readonly DeliveryNote[] | undefined {
    if (this.entries === undefined) return undefined
    const notes = this.entries
      .filter((entry) => entry.item === item || entry.item === everyItem)
      .map((entry) => entry.note)
    return notes.length === 0 ? undefined : notes
  }

  /** Whether the action found nothing to send for one payload. */
  isNothingToSend(item: number): boolean {
    return this.entries?.some((entry) => entry.item === item && entry.isSkip) ?? false
  }
}
