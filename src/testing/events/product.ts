import type { Random } from './random'

/** A product as the e-commerce events of the Spec carry it, alone or in `products`. */
export type Product = {
  /** Database id. */
  product_id: string
  /** Public stock number. */
  sku: string
  category: string
  name: string
  brand: string
  variant: string
  /** In the order's currency. */
  price: number
  quantity: number
  /** Position in the list, from 1. */
  position: number
  url: string
  image_url: string
}

const shelf = [
  ['Garden', 'Cedar Planter', 'Rootwell', ['Small', 'Large'], 3900],
  ['Garden', 'Pruning Shears', 'Rootwell', ['Left-handed', 'Right-handed'], 2450],
  ['Garden', 'Watering Can', 'Fernhollow', ['Green', 'Copper'], 3199],
  ['Kitchen', 'Cast Iron Pan', 'Emberline', ['20 cm', '28 cm'], 5400],
  ['Kitchen', 'Pour-over Kettle', 'Emberline', ['Steel', 'Matte black'], 6850],
  ['Kitchen', 'Bread Tin', 'Oat & Anvil', ['450 g', '900 g'], 1825],
  ['Games', 'Harbor Masters', 'Tabletop Tide', ['Base game', 'Deluxe'], 4299],
  ['Games', 'Nine Lanterns', 'Tabletop Tide', ['2 players', '4 players'], 1999],
  ['Shoes', 'Trail Runner', 'Loamstep', ['38', '41', '44'], 11900],
  ['Shoes', 'Canvas Slip-on', 'Loamstep', ['37', '40', '43'], 5995],
  ['Books', 'A Field Guide to Mosses', 'Lichen Press', ['Paperback', 'Hardcover'], 2200],
  ['Books', 'The Slow Kitchen', 'Lichen Press', ['Paperback', 'E-book'], 1650],
] as const

/** The categories that the sample shop sells. */
export const productCategories = ['Garden', 'Kitchen', 'Games', 'Shoes', 'Books'] as const

const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-')

/** Puts product number `item` of the shelf at a place in a list. */
function toProduct(random: Random, item: number, position: number): Product {
  const [category, name, brand, variants, cents] = shelf[item] ?? shelf[0]
  const url = `https://shop.example.com/${slug(category)}/${slug(name)}`
  return {
    product_id: `5f1d7f3a${String(item + 1).padStart(16, '0')}`,
    sku: `${category.slice(0, 2).toUpperCase()}-${String(item + 101)}`,
    category,
    name,
    brand,
    variant: random.pick(variants),
    price: cents / 100,
    quantity: random.weighted([
      [8, 1],
      [2, 2],
      [1, 4],
    ]),
    position,
    url,
    image_url: `${url}.jpg`,
  }
}

/** Different products of the sample shop, at positions 1 and up; `count` is at most 12. */
export function createProducts(random: Random, count: number): Product[] {
  const items = shelf.map((_, item) => item)
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.integer(0, last)
    const moved = items[last] ?? 0
    items[last] = items[other] ?? 0
    items[other] = moved
  }
  return items.slice(0, count).map((item, index) => toProduct(random, item, index + 1))
}
