import { pageBody, screenBody } from '../calls'
import { browse, createOrder, toCents } from '../scene'
import { audienceChanges } from './audiences'
import { call, isMobile, type StreamEvent, serverTrack, track, type Visitor, wait } from './visitor'

type Events = Generator<StreamEvent>

/** A page on the web, a screen in the application. */
const look = (visitor: Visitor) =>
  call(visitor, isMobile(visitor) ? screenBody(visitor.scene) : pageBody(visitor.scene))

/** Looks around: lists, filters, searches, promotions, products. */
export function* browsing(visitor: Visitor): Events {
  const { random, scene } = visitor
  yield look(visitor)
  browse(scene)
  if (random.chance(0.3)) yield track(visitor, 'Promotion Viewed')
  if (random.chance(0.1)) yield track(visitor, 'Promotion Clicked')
  if (random.chance(0.3)) yield track(visitor, 'Products Searched')
  yield track(visitor, 'Product List Viewed')
  if (random.chance(0.2)) yield track(visitor, 'Product List Filtered')
  for (const product of scene.list.products.slice(0, random.integer(1, 3))) {
    scene.product = { ...product, quantity: 1 }
    yield track(visitor, 'Product Clicked')
    yield look(visitor)
    yield track(visitor, 'Product Viewed')
  }
  if (random.chance(0.1)) yield track(visitor, 'Experiment Viewed')
}

/** Fills the cart with one to three products, and sometimes takes the first one out again. */
export function* filling(visitor: Visitor): Events {
  const { random, scene } = visitor
  scene.cart = { id: `cart_${random.hex(10)}`, products: [] }
  for (const product of scene.list.products.slice(0, random.integer(1, 3))) {
    scene.product = product
    scene.cart.products = [...scene.cart.products, product]
    yield track(visitor, 'Product Added')
  }
  const [first, ...others] = scene.cart.products
  if (first !== undefined && others.length > 0 && random.chance(0.25)) {
    scene.product = first
    scene.cart.products = others
    yield track(visitor, 'Product Removed')
  }
  yield track(visitor, 'Cart Viewed')
}

/** Tries a coupon. Gives the discount that it brings. */
function* coupon(visitor: Visitor): Generator<StreamEvent, number> {
  const { random, scene } = visitor
  if (!random.chance(0.35)) return 0
  yield track(visitor, 'Coupon Entered')
  if (random.chance(0.3)) {
    yield track(visitor, 'Coupon Denied')
    return 0
  }
  yield track(visitor, 'Coupon Applied')
  if (random.chance(0.2)) {
    yield track(visitor, 'Coupon Removed')
    return 0
  }
  return scene.coupon.discount
}

/** Buys what is in the cart, or gives up half way. */
export function* checkout(visitor: Visitor): Events {
  const { random, scene } = visitor
  scene.order = createOrder(random, scene.cart.products)
  const discount = yield* coupon(visitor)
  scene.order = { ...scene.order, discount: Math.min(discount, scene.order.revenue) }
  yield track(visitor, 'Checkout Started')
  yield track(visitor, 'Checkout Step Viewed')
  if (random.chance(0.2)) return
  yield track(visitor, 'Checkout Step Completed')
  yield track(visitor, 'Payment Info Entered')
  yield track(visitor, 'Order Completed')
  visitor.spent = toCents(visitor.spent + scene.order.revenue - scene.order.discount)
  yield* afterwards(visitor)
  yield* audienceChanges(visitor)
}

/** What may become of an order: a change, a cancellation, a refund, up to two days later. The shop's server says so. */
function* afterwards(visitor: Visitor): Events {
  const { random, scene } = visitor
  const fate = random.weighted([
    [79, undefined],
    [8, 'Order Updated'],
    [6, 'Order Cancelled'],
    [7, 'Order Refunded'],
  ] as const)
  if (fate === undefined) return
  wait(visitor, 3600, 2 * 86_400)
  if (fate !== 'Order Updated')
    visitor.spent = toCents(visitor.spent - scene.order.revenue + scene.order.discount)
  yield serverTrack(visitor, fate)
}

/** Remembers, shares and reviews products. */
export function* sharing(visitor: Visitor): Events {
  const { random } = visitor
  yield track(visitor, 'Product Added to Wishlist')
  const fate = random.weighted([
    [4, undefined],
    [3, 'Wishlist Product Added to Cart'],
    [2, 'Product Removed from Wishlist'],
  ] as const)
  if (fate !== undefined) yield track(visitor, fate)
  if (random.chance(0.4)) yield track(visitor, 'Product Shared')
  if (random.chance(0.2)) yield track(visitor, 'Cart Shared')
  if (visitor.spent > 0 && random.chance(0.5)) yield track(visitor, 'Product Reviewed')
}
