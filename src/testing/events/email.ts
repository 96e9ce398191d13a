import type { Scene } from './scene'

const mailOf = ({ mail }: Scene) => ({
  email_id: mail.id,
  email_subject: mail.subject,
  campaign_id: mail.campaignId,
  campaign_name: mail.campaignName,
})

/** Email events of the Spec: properties of each. Their `context.traits.email` names the recipient. */
export const emailEvents = {
  /** A mail could not be delivered. */
  'Email Bounced': mailOf,

  /** The recipient's mail server took the mail. */
  'Email Delivered': mailOf,

  /** The recipient followed a link. */
  'Email Link Clicked': (scene: Scene) => ({
    ...mailOf(scene),
    link_id: String(scene.random.integer(100, 199)),
    link_url: `${scene.product.url}?utm_source=newsletter`,
  }),

  /** The recipient called the mail spam. */
  'Email Marked as Spam': mailOf,

  /** The recipient opened the mail. */
  'Email Opened': mailOf,

  /** The recipient wants no more mail, of one list or of any. */
  Unsubscribed: (scene: Scene) => ({ ...mailOf(scene), list_id: '1425', list_name: 'New customers' }),
}
