import type { Scene } from '../scene'

const wished = ({ wishlist, product }: Scene) => ({
  wishlist_id: wishlist.id,
  wishlist_name: wishlist.name,
  ...product,
})

const shared = { share_via: 'email', share_message: 'Look what I found', recipient: 'friend@example.org' }

/** Wish lists, sharing and reviewing of the e-commerce Spec v2: properties of each event. */
export const sharingEvents = {
  /** A customer puts a product on a wish list. */
  'Product Added to Wishlist': wished,

  /** A customer takes a product off a wish list. */
  'Product Removed from Wishlist': wished,

  /** A customer moves a product from a wish list to the cart. */
  'Wishlist Product Added to Cart': (scene: Scene) => ({ ...wished(scene), cart_id: scene.cart.id }),

  /** A customer tells somebody of a product. */
  'Product Shared': ({ product }: Scene) => {
    const { quantity: _quantity, position: _position, ...rest } = product
    return { ...shared, ...rest }
  },

  /** A customer sends a cart to somebody. */
  'Cart Shared': ({ cart }: Scene) => ({
    ...shared,
    cart_id: cart.id,
    products: cart.products.map(({ product_id }) => ({ product_id })),
  }),

  /** A customer writes a review. The Spec has the rating as text. */
  'Product Reviewed': ({ random, product }: Scene) => ({
    product_id: product.product_id,
    review_id: random.hex(12),
    review_body: `The ${product.name} does what it should.`,
    rating: String(random.integer(1, 5)),
  }),
}
