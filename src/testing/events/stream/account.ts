import { aliasBody, groupBody, identifyBody } from '../calls'
import { call, isMobile, type StreamEvent, track, type Visitor } from './visitor'

/** A visitor leaves an address, so that the anonymous profile gets traits before there is an account. */
export function* subscribing(visitor: Visitor): Generator<StreamEvent> {
  const { email, firstName } = visitor.scene.person
  yield call(visitor, { type: 'identify', traits: { email, firstName, newsletter: true } })
}

/** A visitor opens an account: the anonymous id becomes a user id, and the traits are told. */
export function* signingUp(visitor: Visitor): Generator<StreamEvent> {
  const { random, scene, timezone } = visitor
  visitor.known = true
  yield call(visitor, aliasBody(scene))
  yield call(visitor, identifyBody(scene), { traits: { timezone } })
  yield track(visitor, 'Signed Up')
  if (random.chance(0.15)) yield call(visitor, groupBody(scene))
}

/** A known visitor comes back, and now and then changes a trait. */
export function* signingIn(visitor: Visitor): Generator<StreamEvent> {
  const { random, scene, timezone } = visitor
  if (!isMobile(visitor)) yield track(visitor, 'Signed In')
  if (random.chance(0.3))
    yield call(visitor, {
      type: 'identify',
      traits: { email: scene.person.email, timezone, favoriteCategory: scene.product.category },
    })
}
