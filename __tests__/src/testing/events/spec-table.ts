/**
 * The properties of every semantic event, written down from the tables and examples of the public Segment Spec,
 * independently of the factories. After the colon: s string, n number, i integer, b boolean, d ISO 8601 date,
 * S list of strings, P list of products, I list of product ids, L list of `{ type, value }`, C campaign.
 */
const product =
  'product_id:s sku:s category:s name:s brand:s variant:s price:n quantity:n coupon:s position:n url:s image_url:s'
const order = 'order_id:s affiliation:s revenue:n shipping:n tax:n discount:n coupon:s currency:s products:P'
const step = 'checkout_id:s step:n shipping_method:s payment_method:s'
const promotion = 'promotion_id:s creative:s name:s position:s'
const coupon = 'order_id:s cart_id:s coupon_id:s coupon_name:s discount:n'
const wishlist = `wishlist_id:s wishlist_name:s ${product}`
const mail = 'email_id:s email_subject:s campaign_id:s campaign_name:s'
const player =
  'session_id:s position:i total_length:i bitrate:i framerate:n video_player:s sound:i full_screen:b ad_enabled:b quality:s livestream:b'
const playback = `${player} content_asset_id:s content_pod_id:s`
const content =
  'session_id:s asset_id:s pod_id:s title:s description:s keywords:S season:s episode:s genre:s program:s publisher:s position:i total_length:i channel:s full_episode:b livestream:b airdate:d bitrate:i framerate:n'
const ad =
  'session_id:s asset_id:s pod_id:s pod_position:i pod_length:i type:s title:s publisher:s position:i total_length:i load_type:s'
const chat =
  'agent_id:s agent_name:s agent_username:s conversation_id:s conversation_duration:n message_id:s message_body:s'
const trial = 'trial_start_date:d trial_end_date:d trial_plan_name:s'

export const specTable: Record<string, string> = {
  'Products Searched': 'query:s',
  'Product List Viewed': 'list_id:s category:s products:P',
  'Product List Filtered': 'list_id:s category:s filters:L sorts:L products:P',
  'Promotion Viewed': promotion,
  'Promotion Clicked': promotion,
  'Product Clicked': product,
  'Product Viewed': product,
  'Product Added': `cart_id:s ${product}`,
  'Product Removed': `cart_id:s ${product}`,
  'Cart Viewed': 'cart_id:s products:P',
  'Checkout Started': `${order} value:n`,
  'Checkout Step Viewed': step,
  'Checkout Step Completed': step,
  'Payment Info Entered': `${step} order_id:s`,
  'Order Updated': `${order} total:n`,
  'Order Completed': `${order} checkout_id:s total:n subtotal:n`,
  'Order Refunded': 'order_id:s total:n currency:s products:P',
  'Order Cancelled': `${order} total:n`,
  'Coupon Entered': 'order_id:s cart_id:s coupon_id:s',
  'Coupon Applied': coupon,
  'Coupon Denied': 'order_id:s cart_id:s coupon_id:s coupon_name:s reason:s',
  'Coupon Removed': coupon,
  'Product Added to Wishlist': wishlist,
  'Product Removed from Wishlist': wishlist,
  'Wishlist Product Added to Cart': `${wishlist} cart_id:s`,
  'Product Shared': `share_via:s share_message:s recipient:s ${product.replace(' quantity:n', '').replace(' position:n', '')}`,
  'Cart Shared': 'share_via:s share_message:s recipient:s cart_id:s products:I',
  'Product Reviewed': 'product_id:s review_id:s review_body:s rating:s',
  'Email Bounced': mail,
  'Email Delivered': mail,
  'Email Link Clicked': `${mail} link_id:s link_url:s`,
  'Email Marked as Spam': mail,
  'Email Opened': mail,
  Unsubscribed: `${mail} list_id:s list_name:s`,
  'Application Installed': 'version:s build:s',
  'Application Opened': 'from_background:b url:s referring_application:s version:s build:s',
  'Application Backgrounded': '',
  'Application Updated': 'previous_version:s previous_build:s version:s build:s',
  'Application Uninstalled': '',
  'Application Crashed': '',
  'Install Attributed': 'provider:s campaign:C',
  'Push Notification Received': 'campaign:C',
  'Push Notification Tapped': 'action:s campaign:C',
  'Push Notification Bounced': 'action:s campaign:C',
  'Deep Link Opened': 'provider:s url:s',
  'Deep Link Clicked': 'provider:s url:s',
  'Video Playback Started': `${player} content_asset_ids:S content_pod_ids:S ad_asset_id:S ad_pod_id:S`,
  'Video Playback Paused': playback,
  'Video Playback Interrupted': `${playback} method:s`,
  'Video Playback Buffer Started': playback,
  'Video Playback Buffer Completed': playback,
  'Video Playback Seek Started': `${playback} seek_position:i`,
  'Video Playback Seek Completed': playback,
  'Video Playback Resumed': playback,
  'Video Playback Completed': playback,
  'Video Content Started': content,
  'Video Content Playing': content,
  'Video Content Completed': content,
  'Video Ad Started': ad,
  'Video Ad Playing': `${ad} quartile:i`,
  'Video Ad Completed': ad,
  'Video Quality Updated': 'bitrate:n framerate:n startupTime:n droppedFrames:n',
  'Live Chat Conversation Started': chat,
  'Live Chat Conversation Ended': chat,
  'Live Chat Message Sent': chat,
  'Live Chat Message Received': chat,
  'Account Created': 'account_name:s',
  'Account Deleted': 'account_name:s',
  'Signed Up': 'type:s first_name:s last_name:s email:s phone:s username:s title:s',
  'Signed In': 'username:s',
  'Signed Out': 'username:s',
  'Invite Sent': 'invitee_email:s invitee_first_name:s invitee_last_name:s invitee_role:s',
  'Account Added User': 'role:s',
  'Account Removed User': '',
  'Trial Started': trial,
  'Trial Ended': trial,
  'Experiment Viewed': 'experiment_id:s experiment_name:s variation_id:s variation_name:s',
}

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown, test: (item: unknown) => boolean) => Array.isArray(value) && value.every(test)
const hasOnly = (value: unknown, keys: string) =>
  isObject(value) &&
  Object.entries(value).every(([key, text]) => keys.includes(key) && typeof text === 'string')

const checks: Record<string, (value: unknown) => boolean> = {
  s: (value) => typeof value === 'string' && value !== '',
  n: (value) => typeof value === 'number' && Number.isFinite(value),
  i: (value) => Number.isInteger(value),
  b: (value) => typeof value === 'boolean',
  d: (value) => typeof value === 'string' && isoDate.test(value),
  S: (value) => listOf(value, (item) => typeof item === 'string'),
  P: (value) => listOf(value, (item) => isObject(item) && problemsOf(item, product).length === 0),
  I: (value) => listOf(value, (item) => hasOnly(item, 'product_id')),
  L: (value) => listOf(value, (item) => hasOnly(item, 'type value')),
  C: (value) => hasOnly(value, 'source name medium content ad_creative ad_group'),
}

/** What the Spec does not say of these properties: unknown names and wrong types. */
export function problemsOf(properties: Record<string, unknown>, row: string): string[] {
  const types = Object.fromEntries(row.split(' ').map((entry) => entry.split(':')))
  return Object.entries(properties).flatMap(([name, value]) => {
    const check = checks[types[name] ?? '']
    if (check === undefined) return [`${name} is not in the Spec`]
    return check(value) ? [] : [`${name} is not of type ${types[name]}`]
  })
}
