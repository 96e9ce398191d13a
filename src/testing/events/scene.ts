import type { Person } from './person'
import { createProducts, type Product, productCategories } from './product'
import type { Random } from './random'

/** A shopping cart. */
export type Cart = { id: string; products: Product[] }

/** The money side of an order, as the order events of the Spec carry it. */
export type Order = {
  orderId: string
  checkoutId: string
  /** ISO 4217. */
  currency: string
  shipping: number
  tax: number
  discount: number
  /** What the products cost. */
  revenue: number
  products: Product[]
}

/** An account that several people share. */
export type Account = { groupId: string; name: string; plan: string; industry: string; employees: string }

/** Everything that the properties of semantic events are made from: one situation, told consistently. */
export type Scene = {
  readonly random: Random
  readonly person: Person
  /** Unix time in milliseconds. */
  time: number
  /** The product that the person is looking at. */
  product: Product
  /** The list that the person is looking at. */
  list: { id: string; category: string; products: Product[] }
  cart: Cart
  order: Order
  readonly coupon: { id: string; name: string; discount: number }
  readonly wishlist: { id: string; name: string }
  readonly promotion: { id: string; creative: string; name: string; position: string }
  readonly mail: { id: string; subject: string; campaignId: string; campaignName: string }
  readonly video: { sessionId: string; assetId: string; podId: string; position: number; length: number }
  readonly conversation: { id: string; durationSeconds: number }
  readonly account: Account
  readonly app: { version: string; build: string; previousVersion: string; previousBuild: string }
}

/** Rounds an amount of money to cents. */
export const toCents = (amount: number) => Math.round(amount * 100) / 100

const worth = (products: readonly Product[]) =>
  toCents(products.reduce((sum, product) => sum + product.price * product.quantity, 0))

/** Starts an order for the products. A discount is never larger than the products' price. */
export function createOrder(random: Random, products: Product[], discount = 0): Order {
  const revenue = worth(products)
  return {
    orderId: `order_${random.hex(10)}`,
    checkoutId: `checkout_${random.hex(10)}`,
    currency: 'USD',
    shipping: random.pick([0, 4.9, 8.5]),
    tax: toCents(revenue * 0.08),
    discount: Math.min(discount, revenue),
    revenue,
    products,
  }
}

/** Puts a new list of products before the person, who looks at the first one. */
export function browse(scene: Scene, count = 4): void {
  const products = createProducts(scene.random, count)
  const [first] = products
  if (first === undefined) return
  scene.list = { id: `list_${scene.random.hex(6)}`, category: first.category, products }
  scene.product = first
}

const mails = [
  ['First pick of the spring shelf', 'Spring Preview'],
  ['You left something in your cart', 'Abandoned Cart'],
  ['Thank you: 10 % off your next order', 'Second Purchase'],
] as const

const promotions = [
  ['top_banner_2', 'Garden week: planters at half price', 'home_banner_top'],
  ['side_card_1', 'Two games for the price of one', 'list_sidebar'],
] as const

const accounts = [
  ['Initech', 'enterprise', 'Technology', '329'],
  ['Fernhollow Supplies', 'business', 'Retail', '42'],
  ['Loamstep', 'starter', 'Manufacturing', '7'],
] as const

const mailOf = (random: Random) => {
  const [subject, campaignName] = random.pick(mails)
  return { id: random.hex(9), subject, campaignId: String(random.integer(100, 999)), campaignName }
}

const promotionOf = (random: Random) => {
  const [creative, name, position] = random.pick(promotions)
  return { id: `promo_${random.integer(1, 20)}`, creative, name, position }
}

const accountOf = (random: Random): Account => {
  const [name, plan, industry, employees] = random.pick(accounts)
  return { groupId: `acct_${random.hex(8)}`, name, plan, industry, employees }
}

const videoOf = (random: Random) => ({
  sessionId: random.hex(12),
  assetId: random.hex(7),
  podId: 'segA',
  position: 0,
  length: random.integer(90, 1800),
})

const appOf = (random: Random) => {
  const minor = random.integer(1, 9)
  const build = random.integer(200, 900)
  return {
    version: `3.${minor}.0`,
    build: String(build),
    previousVersion: `3.${minor - 1}.2`,
    previousBuild: String(build - random.integer(1, 40)),
  }
}

/** Sets the scene for a person at a moment (Unix time in milliseconds). */
export function createScene(random: Random, person: Person, time: number): Scene {
  const products = createProducts(random, 3)
  const product = products[0] as Product
  return {
    random,
    person,
    time,
    product,
    list: { id: `list_${random.hex(6)}`, category: random.pick(productCategories), products },
    cart: { id: `cart_${random.hex(10)}`, products },
    order: createOrder(random, products, 5),
    coupon: { id: 'spring_garden_26', name: 'Spring Garden 2026', discount: 5 },
    wishlist: { id: `wish_${random.hex(8)}`, name: 'For the balcony' },
    promotion: promotionOf(random),
    mail: mailOf(random),
    video: videoOf(random),
    conversation: { id: random.hex(13), durationSeconds: 0 },
    account: accountOf(random),
    app: appOf(random),
  }
}
