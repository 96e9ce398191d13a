import type { MemoryJob } from './memory-lane'

/** The deliveries of one connection and person, in the order in which they were put; only the first of them is due. */
export type PersonChains = {
  /** True where the job has to wait for an earlier one. */
  join(job: MemoryJob, person: string): boolean
  /** The one whose turn it is now, if the turn has changed. */
  leave(job: MemoryJob, person: string): MemoryJob | undefined
}

export function createPersonChains(): PersonChains {
  const connections = new Map<string, Map<string, Set<MemoryJob>>>()
  const personsOf = ({ given: { connection } }: MemoryJob) => {
    const persons = connections.get(connection) ?? new Map<string, Set<MemoryJob>>()
    connections.set(connection, persons)
    return persons
  }
  return {
    join(job, person) {
      const persons = personsOf(job)
      const chain = persons.get(person)
      if (chain === undefined) persons.set(person, new Set([job]))
      else chain.add(job)
      return chain !== undefined
    },
    leave(job, person) {
      const persons = personsOf(job)
      const chain = persons.get(person) ?? new Set()
      const [first] = chain
      chain.delete(job)
      if (chain.size === 0) persons.delete(person)
      const [next] = chain
      return first === job ? next : undefined
    },
  }
}
