/** How many requests use each agent at the moment. */
const requestsOf = new WeakMap<object, number>()

type Agent = { destroy?: () => void }

/**
 * Notes that a request uses the caller's agent, and gives what to call when its answer is in. The agent is then
 * destroyed, as the reference does with it, but not under other requests that still use it.
 */
export function holdAgent(given: unknown): () => void {
  if (given === undefined || given === null) return () => undefined
  const agent = given as Agent
  requestsOf.set(agent, (requestsOf.get(agent) ?? 0) + 1)
  return () => {
    const others = (requestsOf.get(agent) ?? 1) - 1
    requestsOf.set(agent, others)
    if (others === 0) agent.destroy?.()
  }
}
