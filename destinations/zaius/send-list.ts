import { type Answer, invalidItems } from './odp-answer'

/** Posts objects as one list. */
export type Post = (objects: readonly object[]) => Promise<Answer>

/**
 * What became of each object of a list, in order. ODP refuses a whole list for one bad object and says which one it
 * is: that one is refused, and the others are sent once more. A list that is too long for ODP is sent in halves.
 */
export async function sendList(
  objects: readonly object[],
  post: Post,
  isRepetition = false,
): Promise<readonly Answer[]> {
  if (objects.length === 0) return []
  const answer = await post(objects)
  if (answer.status === 413 && objects.length > 1) return sendInHalves(objects, post, isRepetition)
  const invalids = answer.status === 400 ? invalidItems(answer, objects.length) : new Map<number, string>()
  if (invalids.size === 0) return objects.map(() => answer)
  const others = objects.filter((_, position) => !invalids.has(position))
  const answers = isRepetition
    ? others.map(() => ({ ...answer, status: 503, reason: refusedWithOthers }))
    : await sendList(others, post, true)
  const rest = answers[Symbol.iterator]()
  return objects.map((_, position) =>
    invalids.has(position) ? { ...answer, reason: invalids.get(position) } : (rest.next().value as Answer),
  )
}

/** They are good as far as we know, so they may try again. */
const refusedWithOthers = 'ODP refused the list twice because of other objects in it'

async function sendInHalves(
  objects: readonly object[],
  post: Post,
  isRepetition: boolean,
): Promise<readonly Answer[]> {
  const middle = Math.ceil(objects.length / 2)
  const first = await sendList(objects.slice(0, middle), post, isRepetition)
  return [...first, ...(await sendList(objects.slice(middle), post, isRepetition))]
}
