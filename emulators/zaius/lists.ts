import type { Customer } from './customers'
import type { Values } from './values'

/** Writes the event that ODP itself makes of a change. */
export type RecordEvent = (
  type: string,
  action: string,
  fields: Values,
  customer: Customer,
  now: number,
) => void

export type Subscription = { readonly list_id: string; subscribed: boolean; ts_status_updated: number }

/** The list that stands for consent as a whole. */
export const allLists = 'zaius_all'

/** Lists and which addresses are on them. Every change also records a `list` event. */
export function createLists(recordEvent: RecordEvent) {
  const lists = new Map<string, { list_id: string; name: string; created_at: string }>()
  const subscriptions = new Map<string, Subscription[]>()

  const idOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '_')

  return {
    all: () => [...lists.values()],
    /** The new list, or undefined when there is one of that id already. */
    create(name: string, now: number) {
      const list_id = idOf(name)
      if (lists.has(list_id)) return undefined
      lists.set(list_id, { list_id, name, created_at: new Date(now).toISOString() })
      return { list_id, name }
    },
    /** The list under its new name, or undefined when there is none of that id. */
    rename(list_id: string, name: string) {
      const list = lists.get(list_id)
      if (list === undefined) return undefined
      lists.set(list_id, { ...list, name })
      return { list_id, name }
    },
    nameOf: (list_id: string): string => lists.get(list_id)?.name ?? list_id,
    subscriptionsOf: (name: string, value: string): readonly Subscription[] =>
      subscriptions.get(`${name}\n${value}`) ?? [],
    set(
      { name, value, customer }: { name: string; value: string; customer: Customer },
      list_id: string,
      subscribed: boolean,
      now: number,
    ): void {
      const key = `${name}\n${value}`
      const own = subscriptions.get(key) ?? []
      subscriptions.set(key, own)
      const known = own.find((subscription) => subscription.list_id === list_id)
      if (known === undefined) own.push({ list_id, subscribed, ts_status_updated: now })
      else Object.assign(known, { subscribed, ts_status_updated: now })
      recordEvent('list', subscribed ? 'subscribe' : 'unsubscribe', { list_id }, customer, now)
    },
  }
}
