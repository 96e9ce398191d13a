import { findTrait, type Traits, text } from './traits'

export type Names = { readonly first_name?: string; readonly last_name?: string }

/**
 * First and last name, decided separately: the trait of that name, else the first word of `name` and the rest of it
 * ("Ludwig van Beethoven" gives "van Beethoven"). One word gives no last name.
 */
export function names(traits: Traits): Names {
  const [firstWord, ...rest] = (text(findTrait(traits, 'name')) ?? '').split(/\s+/)
  const first = text(findTrait(traits, 'firstName')) ?? text(firstWord)
  const last = text(findTrait(traits, 'lastName')) ?? text(rest.join(' '))
  return {
    ...(first === undefined ? {} : { first_name: first }),
    ...(last === undefined ? {} : { last_name: last }),
  }
}
