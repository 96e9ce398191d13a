import type { RequestClient } from '../../delivery/request/request-client'

type PerformPoll = (request: RequestClient, input: unknown) => unknown

/** The function by which an action asks how its job stands; undefined for an action that answers at once. */
export const performPollOf = (definition: object): PerformPoll | undefined =>
  (definition as { performPoll?: PerformPoll }).performPoll

/** Whether an action's destination answers later: `performBatch` submits a job, `performPoll` asks how it stands. */
export const isAsynchronous = (definition: object): boolean => typeof performPollOf(definition) === 'function'
