import type { Scene } from '../scene'

const where = ({ order, cart, coupon }: Scene) => ({
  order_id: order.orderId,
  cart_id: cart.id,
  coupon_id: coupon.id,
})

const couponOf = (scene: Scene) => ({
  ...where(scene),
  coupon_name: scene.coupon.name,
  discount: scene.coupon.discount,
})

/** Coupons of the e-commerce Spec v2: properties of each event. */
export const couponEvents = {
  /** A code was typed in for a cart or an order. */
  'Coupon Entered': where,

  /** A code was accepted. */
  'Coupon Applied': couponOf,

  /** A code was refused, with the reason. */
  'Coupon Denied': (scene: Scene) => ({
    ...where(scene),
    coupon_name: scene.coupon.name,
    reason: 'Coupon expired',
  }),

  /** A code was taken off again. */
  'Coupon Removed': couponOf,
}
