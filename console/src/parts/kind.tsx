import type { ConnectionState, LaneState } from '../../../src/console/shapes'
import type { OutcomeKind } from '../../../src/outcome'
import { kindIcons, kindWords, stateIcons, stateWords } from '../words/kinds'
import { Icon } from './icon'

/** An outcome: glyph, word and color. `again`: it will be tried again. */
export const Kind = ({ kind, again }: { readonly kind: OutcomeKind; readonly again?: boolean }) => (
  <span class={`kind ${kind}`}>
    <Icon name={kindIcons[kind]} />
    {again ? 'Retrying' : kindWords[kind]}
  </span>
)

/** The state of a connection or a lane. */
export const State = ({ state }: { readonly state: ConnectionState | LaneState }) => (
  <span class={`kind ${state}`}>
    <Icon name={stateIcons[state]} />
    {stateWords[state]}
  </span>
)
