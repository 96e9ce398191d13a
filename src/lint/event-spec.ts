import { nearest } from '../nearest'

/**
 * Members of an event by name. `open` objects may hold anything; the names that the Segment Spec gives them are only
 * used to find other spellings of these names. `from` and `to` are those of alias calls of old libraries. Source: the Segment Spec (common fields, identify, group, page, track,
 * e-commerce), and what Segment adds on the way.
 */
type SpecObject = { readonly isOpen: boolean; readonly members: ReadonlyMap<string, SpecObject | undefined> }

const members = (names: string, objects: Record<string, SpecObject> = {}) =>
  new Map<string, SpecObject | undefined>([
    ...names.split(' ').map((name) => [name, undefined] as const),
    ...Object.entries(objects),
  ])
const closed = (names: string, objects?: Record<string, SpecObject>): SpecObject => ({
  isOpen: false,
  members: members(names, objects),
})
const open = (names = '', objects?: Record<string, SpecObject>): SpecObject => ({
  isOpen: true,
  members: members(names, objects),
})

const traits = open(
  'age avatar birthday createdAt description email employees firstName gender id industry lastName name phone plan title username website',
  {
    address: open('city country postalCode state street'),
    company: open('employee_count id industry name plan'),
  },
)

const properties = open(
  [
    'affiliation brand cart_id category checkout_id coupon coupon_id coupon_name creative currency discount email filters',
    'image_url keywords list_id name order_id path payment_method position price product_id products promotion_id quantity',
    'query rating referrer revenue review_body review_id search share_message share_via shipping shipping_method sku',
    'sorts step subtotal tax title total url value variant wishlist_id wishlist_name',
  ].join(' '),
)

const context = open('active channel consent groupId ip locale timezone userAgent', {
  active: open(),
  app: closed('build name namespace version'),
  campaign: open('content medium name source term'),
  device: closed('adTrackingEnabled advertisingId id manufacturer model name token type version'),
  library: open('name version'),
  location: open('city country latitude longitude region speed'),
  network: closed('bluetooth carrier cellular wifi'),
  os: closed('name version'),
  page: open('path referrer search title url'),
  personas: open(
    'audience_settings computation_class computation_id computation_key external_audience_id namespace space_id',
  ),
  referrer: open('btid id link name type url urlref'),
  screen: closed('density height width'),
  traits,
  userAgentData: open(),
})

const event = closed(
  'anonymousId category channel event from groupId messageId name originalTimestamp previousId projectId receivedAt sentAt sourceId timestamp to type userId version writeKey',
  {
    _metadata: open(),
    context,
    externalIds: open(),
    integrations: open(),
    metadata: open(),
    properties,
    traits,
  },
)

const spelling = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Whether a member may be something else than an object with members. `properties`, `context.page` may not. */
export function mayBeText(keys: readonly string[]): boolean {
  let holder: SpecObject | undefined = event
  for (const key of keys) holder = holder?.members.get(key)
  return holder === undefined
}

/** What is wrong with a path, and the path that was probably meant. */
export type PathProblem = { readonly message: string; readonly meant?: readonly string[] }

/**
 * What is wrong with a path of an event by the Segment Spec, if anything: a member that does not exist, or one that may
 * exist but is another spelling of one that the spec names.
 */
export function pathProblem(keys: readonly string[]): PathProblem | undefined {
  let holder: SpecObject | undefined = event
  for (const [index, key] of keys.entries()) {
    if (holder === undefined || holder.members.size === 0) return undefined
    if (!holder.members.has(key)) return problemOf(keys, index, holder)
    holder = holder.members.get(key)
  }
  return undefined
}

function problemOf(keys: readonly string[], index: number, holder: SpecObject): PathProblem | undefined {
  const key = keys[index] as string
  const place = index === 0 ? 'an event' : keys.slice(0, index).join('.')
  const names = [...holder.members.keys()].filter((name) => name !== '')
  const other = names.find((name) => spelling(name) === spelling(key))
  const meant = other ?? (holder.isOpen ? undefined : nearest(key, names))
  if (meant === undefined && holder.isOpen) return undefined
  const path = meant === undefined ? undefined : [...keys.slice(0, index), meant, ...keys.slice(index + 1)]
  const advice =
    path === undefined ? `; there are ${names.join(', ')}` : `; did you mean "${path.join('.')}"?`
  return {
    message: `the Segment Spec knows no "${key}" in ${place}${advice}`,
    ...(path !== undefined && { meant: path }),
  }
}
