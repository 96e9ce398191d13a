import { createHash } from 'node:crypto'
import type { ActionState } from 'waybill'
import { accountName } from '../api'
import type { EmarsysSettings } from '../settings'
import { createDurableState, createMemoryState, type PeopleState } from './state'

const inMemory = new Map<string, PeopleState>()
const ofConnection = new WeakMap<EmarsysSettings, PeopleState>()
const durable = new WeakMap<ActionState, Map<string, PeopleState>>()

/**
 * Where the people of an account are kept: in the state of the runtime's store; without one, with the connection, as long
 * as it is open. The reference knows no connections (`isConnected` false): there, in this process.
 */
export function peopleOf(
  settings: EmarsysSettings,
  state: ActionState | undefined,
  isConnected = false,
): PeopleState {
  if (state === undefined && (isConnected || ofConnection.has(settings))) {
    const known = ofConnection.get(settings) ?? createMemoryState(true)
    ofConnection.set(settings, known)
    return known
  }
  const name = createHash('sha256').update(accountName(settings)).digest('hex').slice(0, 16)
  if (state === undefined) {
    const known = inMemory.get(name) ?? createMemoryState(false)
    inMemory.set(name, known)
    return known
  }
  const ofState = durable.get(state) ?? new Map<string, PeopleState>()
  durable.set(state, ofState)
  const known = ofState.get(name) ?? createDurableState(state, `emarsys-api/${name}/`)
  ofState.set(name, known)
  return known
}

/** Forgets who is kept in this process alone. */
export const forgetPeople = (): void => inMemory.clear()
