import { createScene } from '../scene'
import { type StreamEvent, serverTrack, track, type Visitor, wait } from './visitor'

/** The mail provider's news of one campaign mail. Each names the recipient. */
export function* mailing(visitor: Visitor): Generator<StreamEvent> {
  const { random, scene } = visitor
  Object.assign(scene.mail, createScene(random, scene.person, scene.time).mail)
  const context = { traits: { email: scene.person.email } }
  if (random.chance(0.08)) {
    yield serverTrack(visitor, 'Email Bounced', { context })
    return
  }
  yield serverTrack(visitor, 'Email Delivered', { context })
  if (random.chance(0.5)) return
  wait(visitor, 60, 7200)
  yield serverTrack(visitor, 'Email Opened', { context })
  const reaction = random.weighted([
    [6, 'Email Link Clicked'],
    [1, 'Unsubscribed'],
    [1, 'Email Marked as Spam'],
    [4, undefined],
  ] as const)
  if (reaction !== undefined) yield serverTrack(visitor, reaction, { context })
}

/** A push notification, and what the visitor makes of it. */
export function* pushing(visitor: Visitor): Generator<StreamEvent> {
  if (visitor.random.chance(0.1)) {
    yield serverTrack(visitor, 'Push Notification Bounced')
    return
  }
  yield track(visitor, 'Push Notification Received')
  if (visitor.random.chance(0.4)) yield track(visitor, 'Push Notification Tapped')
}

/** A conversation with the shop's support. */
export function* chatting(visitor: Visitor): Generator<StreamEvent> {
  const { scene } = visitor
  const start = scene.time
  scene.conversation.id = visitor.random.hex(13)
  const say = (event: Parameters<typeof track>[1]) => {
    scene.conversation.durationSeconds = (scene.time - start) / 1000
    return track(visitor, event)
  }
  yield say('Live Chat Conversation Started')
  yield say('Live Chat Message Received')
  yield say('Live Chat Message Sent')
  yield say('Live Chat Conversation Ended')
}

/** A film on the product's page, seen to the end or not. */
export function* watching(visitor: Visitor): Generator<StreamEvent> {
  const { random, scene } = visitor
  scene.video.sessionId = random.hex(12)
  scene.video.position = 0
  yield track(visitor, 'Video Playback Started')
  yield track(visitor, 'Video Content Started')
  scene.video.position = Math.floor(scene.video.length / 2)
  yield track(visitor, 'Video Content Playing')
  if (random.chance(0.3)) {
    yield track(visitor, 'Video Playback Paused')
    yield track(visitor, 'Video Playback Resumed')
  }
  if (random.chance(0.4)) return
  yield track(visitor, 'Video Content Completed')
  yield track(visitor, 'Video Playback Completed')
}
