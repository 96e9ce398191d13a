import { isWaybillError } from '../../errors'
import { parseCompatible } from '../../pipeline/filter/compatible'
import { parseSubscription } from '../../pipeline/filter/parse-subscription'
import { type ConditionTree, compatibleTree, defaultTree } from './condition-tree'
import { type SearchResult, searchEvent } from './search-event'

/** What a filter means in the two modes. */
export type FilterComparison = {
  /** Why it cannot be read by default. */
  readonly defaultError?: string
  /** Why it cannot be read in compatibility mode. */
  readonly compatibleError?: string
  /** An event on which the modes disagree. */
  readonly difference: SearchResult
  /** An event that matches by default. */
  readonly match: SearchResult
}

const none: SearchResult = { kind: 'none' }

/**
 * Compares what a filter means by default with what it means in compatibility mode. A filter that one mode cannot read
 * lets no event through there. Events are those of the Segment Spec: `properties`, `traits`, `context` and what else is an
 * object there are objects if they are there at all.
 */
export function compareFilter(source: string): FilterComparison {
  const byDefault = attempt(() => defaultTree(parseSubscription(source)))
  const compatible = attempt(() => compatibleTree(parseCompatible(source, undefined)))
  const errors = {
    ...('error' in byDefault && { defaultError: byDefault.error }),
    ...('error' in compatible && { compatibleError: compatible.error }),
  }
  const [own, reference] = [treeOf(byDefault), treeOf(compatible)]
  return {
    ...errors,
    difference:
      own === undefined && reference === undefined
        ? none
        : searchEvent([own ?? never, reference ?? never], ([one, other]) =>
            one === undefined || other === undefined ? undefined : one !== other,
          ),
    match: own === undefined ? none : searchEvent([own], ([matches]) => matches),
  }
}

/** A filter that lets nothing through. */
const never: ConditionTree = { kind: 'or', operands: [] }

type Attempt = { readonly tree: ConditionTree } | { readonly error: string }

const treeOf = (attempted: Attempt): ConditionTree | undefined =>
  'tree' in attempted ? attempted.tree : undefined

function attempt(read: () => ConditionTree): Attempt {
  try {
    return { tree: read() }
  } catch (error) {
    if (!isWaybillError(error)) throw error
    return { error: error.message }
  }
}
