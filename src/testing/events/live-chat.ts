import type { Scene } from './scene'

const messageOf =
  (body: string) =>
  ({ conversation, random }: Scene) => ({
    agent_id: 'agent_17',
    agent_name: 'Robin Keller',
    agent_username: 'rkeller',
    conversation_id: conversation.id,
    conversation_duration: conversation.durationSeconds,
    message_id: random.hex(15),
    message_body: body,
  })

/** Live chat events of the Spec: properties of each. Durations in seconds. */
export const liveChatEvents = {
  /** The customer's first message. */
  'Live Chat Conversation Started': messageOf('Does the planter come with a saucer?'),

  /** The customer writes. */
  'Live Chat Message Sent': messageOf('The large one, I mean.'),

  /** The agent writes. */
  'Live Chat Message Received': messageOf('It does, in both sizes.'),

  /** One of the two says that it is over. */
  'Live Chat Conversation Ended': messageOf('Thank you!'),
}
