import { type Order, type Scene, toCents } from '../scene'

const totalOf = (order: Order) => toCents(order.revenue - order.discount + order.shipping + order.tax)

/** What the events of a whole order have in common. */
const orderOf = ({ order, coupon }: Scene) => ({
  order_id: order.orderId,
  affiliation: 'Fernhollow Web Shop',
  revenue: order.revenue,
  shipping: order.shipping,
  tax: order.tax,
  discount: order.discount,
  coupon: coupon.id,
  currency: order.currency,
  products: order.products,
})

const stepOf =
  (step: number) =>
  ({ order }: Scene) => ({
    checkout_id: order.checkoutId,
    step,
    shipping_method: 'Standard',
    payment_method: 'Visa',
  })

const inCart = ({ cart, product }: Scene) => ({ cart_id: cart.id, ...product })

/** Core ordering of the e-commerce Spec v2: properties of each event. */
export const orderingEvents = {
  /** A visitor clicks a product in a list. */
  'Product Clicked': ({ product }: Scene) => ({ ...product }),

  /** A visitor sees a product's details. */
  'Product Viewed': ({ product }: Scene) => ({ ...product }),

  /** A visitor puts a product into the cart. */
  'Product Added': inCart,

  /** A visitor takes a product out of the cart. */
  'Product Removed': inCart,

  /** A visitor looks at the cart. */
  'Cart Viewed': ({ cart }: Scene) => ({ cart_id: cart.id, products: cart.products }),

  /** A visitor begins the checkout; `value` is what the order is worth with discounts. */
  'Checkout Started': (scene: Scene) => ({ ...orderOf(scene), value: totalOf(scene.order) }),

  /** A step of the checkout is shown. */
  'Checkout Step Viewed': stepOf(1),

  /** A step of the checkout is done. */
  'Checkout Step Completed': stepOf(1),

  /** Payment information was accepted. */
  'Payment Info Entered': (scene: Scene) => ({ ...stepOf(2)(scene), order_id: scene.order.orderId }),

  /** An order was changed after it was placed. */
  'Order Updated': (scene: Scene) => ({ ...orderOf(scene), total: totalOf(scene.order) }),

  /** An order was placed; `total` is what the customer pays, `revenue` what the products cost. */
  'Order Completed': (scene: Scene) => ({
    ...orderOf(scene),
    checkout_id: scene.order.checkoutId,
    total: totalOf(scene.order),
    subtotal: toCents(scene.order.revenue - scene.order.discount),
  }),

  /** The money for an order goes back. */
  'Order Refunded': ({ order }: Scene) => ({
    order_id: order.orderId,
    total: totalOf(order),
    currency: order.currency,
    products: order.products,
  }),

  /** An order was called off. */
  'Order Cancelled': (scene: Scene) => ({ ...orderOf(scene), total: totalOf(scene.order) }),
}
