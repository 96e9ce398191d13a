const keptMs = 24 * 3_600_000
const maxKept = 10_000

/** Answers of requests by their `Idempotency-Key`: the second of the same key gets the first one's answer. */
export function createIdempotency(now: () => number = Date.now) {
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()
  return {
    /** `scope` names who asks and what: a key counts for the same person and route alone. */
    once<Answer>(scope: string, key: string | undefined, run: () => Promise<Answer>): Promise<Answer> {
      if (key === undefined || key === '') return run()
      const name = `${scope} ${key}`
      const known = answers.get(name)
      if (known !== undefined && known.at > now() - keptMs) return known.answer as Promise<Answer>
      const answer = run()
      if (answers.size >= maxKept) answers.delete(answers.keys().next().value as string)
      answers.set(name, { at: now(), answer })
      // What failed may be tried again with the same key.
      answer.catch(() => answers.delete(name))
      return answer
    },
  }
}
