import { signal } from '@preact/signals'
import { hasLetterKeys } from '../data/settings'
import { Button } from './controls'
import { Dialog } from './dialog'

export const isHelpOpen = signal(false)

const keys: readonly (readonly [string, string])[] = [
  ['⌘K', 'find anything'],
  ['g o', 'Overview'],
  ['g l', 'Live'],
  ['g d', 'Dead letters'],
  ['g t', 'Tester'],
  ['g v', 'Vendors'],
  ['j k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['o', 'open it beside the list'],
  ['Esc', 'back'],
  ['x', 'select the row'],
  ['⇧ x', 'select up to the row'],
  ['a', 'select all of the filter'],
  ['/', 'go to the filter'],
  ['Space', 'pause Live'],
  ['r', 'check a replay'],
  ['⌘ Enter', 'send in the tester'],
  ['t', 'the chart as a table'],
  ['?', 'this list'],
]

/** All keys, and the switch for those of a single letter. */
export const Help = () => (
  <Dialog
    title="Keys"
    onClose={() => {
      isHelpOpen.value = false
    }}
  >
    <div class="inner">
      <h2>Keys</h2>
      <div class="keys">
        {keys.flatMap(([key, what]) => [<kbd key={key}>{key}</kbd>, <span key={what}>{what}</span>])}
      </div>
      <label>
        <input
          type="checkbox"
          checked={hasLetterKeys.value}
          onChange={(event) => {
            hasLetterKeys.value = event.currentTarget.checked
          }}
        />{' '}
        Keys of a single letter are on
      </label>
      <div class="buttons">
        <Button
          onClick={() => {
            isHelpOpen.value = false
          }}
        >
          Close
        </Button>
      </div>
    </div>
  </Dialog>
)
