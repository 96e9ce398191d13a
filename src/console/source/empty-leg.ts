import type { Leg } from '../shapes'

/** A leg of which nothing is known yet. */
export const emptyLeg = (connection: string, subscription: string): Leg => ({
  connection,
  subscription,
  action: '',
  state: 'waiting',
  why: [],
  steps: [],
  changes: [],
  exchanges: [],
})
