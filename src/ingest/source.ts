import { ConfigurationError, type Problem } from '../errors'

/** Who sends events: one website, app or server, known by its write key. */
export type Source = {
  /** Unique; named in reports and refusals. */
  readonly name: string
  /** The key that its SDK was given; several while one is being changed. Not a secret for browsers and phones. */
  readonly writeKey: string | readonly string[]
  /** Names of the connections that get its events. Default: all. */
  readonly connections?: readonly string[]
  /** False: its requests are refused with 403, and the SDK drops the events. Default true. */
  readonly enabled?: boolean
  /** Requests per second beyond which it is asked to wait (429). Default: no bound. */
  readonly requestsPerSecond?: number
  /** Answer 400 in place of 200 to a request in which no event was good, so that the SDK complains. Default false. */
  readonly failWhenAllInvalid?: boolean
}

/** Sources by each of their write keys. */
export type SourceIndex = ReadonlyMap<string, Source>

const keysOf = ({ writeKey }: Source): readonly unknown[] => (Array.isArray(writeKey) ? writeKey : [writeKey])

const keyProblem = (key: unknown): string | undefined => {
  if (typeof key !== 'string' || key === '') return 'give a write key: a string that is not empty'
  if (/[:\s\0]/.test(key))
    return 'a write key holds no colon and no space: SDKs send it as the user name of Basic authentication'
  return undefined
}

/**
 * Finds sources by their write keys.
 * @throws ConfigurationError INVALID_CONFIGURATION that lists every mistake with its path. No message holds a key.
 */
export function indexSources(sources: readonly Source[]): SourceIndex {
  const problems: Problem[] = []
  const report = (path: string, message: string) =>
    problems.push({ path, code: 'INVALID_CONFIGURATION', message })
  const index = new Map<string, Source>()
  const names = new Set<string>()
  if (!Array.isArray(sources) || sources.length === 0)
    report('sources', 'describe at least one source: { name, writeKey }')
  else
    for (const [position, source] of (sources as readonly Source[]).entries()) {
      const path = `sources[${position}]`
      if (typeof source?.name !== 'string' || source.name === '') {
        report(`${path}.name`, 'give the source a name')
        continue
      }
      if (names.has(source.name)) report(`${path}.name`, `another source is called "${source.name}" too`)
      names.add(source.name)
      for (const key of keysOf(source)) {
        const problem = keyProblem(key)
        const other = index.get(key as string)
        if (problem !== undefined) report(`${path}.writeKey`, problem)
        else if (other !== undefined)
          report(`${path}.writeKey`, `the source "${other.name}" has the same write key`)
        else index.set(key as string, source)
      }
    }
  const [first] = problems
  if (first === undefined) return index
  const message = problems.map(({ path, message: text }) => `${path}: ${text}`).join('; ')
  throw new ConfigurationError('INVALID_CONFIGURATION', message, { problems })
}
