import { audienceBody, type Computation, computedTraitBody, type EngageCall, engageContext } from '../engage'
import type { Body } from '../message'
import { type StreamEvent, serverCall, type Visitor } from './visitor'

/** A visitor who has spent this much is a big spender. */
const bigSpender = 150

const engage = (visitor: Visitor, body: Body & { computation: Computation }): StreamEvent => {
  const { computation, ...call } = body
  const context = engageContext(computation, call.type as EngageCall, visitor.scene)
  return serverCall(visitor, call, { context })
}

function* membership(visitor: Visitor, key: string, member: boolean): Generator<StreamEvent> {
  if (visitor.audiences.has(key) === member) return
  if (member) visitor.audiences.add(key)
  else visitor.audiences.delete(key)
  yield engage(visitor, audienceBody(key, member, 'track'))
  yield engage(visitor, audienceBody(key, member, 'identify'))
}

/** What Engage sends once the visitor's spending has changed: the computed trait, and audiences entered or left. */
export function* audienceChanges(visitor: Visitor): Generator<StreamEvent> {
  if (!visitor.known) return
  yield engage(visitor, computedTraitBody('total_spent_90_days', visitor.spent, 'identify'))
  yield* membership(visitor, 'customers', visitor.spent > 0)
  yield* membership(visitor, 'big_spenders', visitor.spent >= bigSpender)
}
