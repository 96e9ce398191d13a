import type { Scene } from '../scene'

const promotionOf = ({ promotion }: Scene) => ({
  promotion_id: promotion.id,
  creative: promotion.creative,
  name: promotion.name,
  position: promotion.position,
})

/** Browsing and promotions of the e-commerce Spec v2: properties of each event. */
export const browsingEvents = {
  /** A visitor searches for products. */
  'Products Searched': ({ product }: Scene) => ({ query: product.name.toLowerCase() }),

  /** A visitor sees a list or category of products. */
  'Product List Viewed': ({ list }: Scene) => ({
    list_id: list.id,
    category: list.category,
    products: list.products,
  }),

  /** A visitor narrows down or sorts a list. */
  'Product List Filtered': ({ list }: Scene) => ({
    list_id: list.id,
    category: list.category,
    filters: [
      { type: 'department', value: list.category.toLowerCase() },
      { type: 'price', value: 'under-50' },
    ],
    sorts: [{ type: 'price', value: 'desc' }],
    products: list.products,
  }),

  /** A visitor sees an offer of the shop itself. */
  'Promotion Viewed': promotionOf,

  /** A visitor clicks an offer of the shop itself. */
  'Promotion Clicked': promotionOf,
}
