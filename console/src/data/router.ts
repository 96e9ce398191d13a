import { computed, signal } from '@preact/signals'

const read = () => ({ path: location.pathname, search: location.search, hash: location.hash })
const place = signal(read())

export const path = computed(() => place.value.path)
export const query = computed(() => new URLSearchParams(place.value.search))
export const hash = computed(() => place.value.hash)

/** Goes to a place of the console. `replace`: as a change of the same view, not as a step to go back to. */
export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  const before = place.value.path
  place.value = read()
  if (before !== place.value.path) {
    scrollTo(0, 0)
    // What was found last is announced, and the keyboard begins there.
    queueMicrotask(() => document.getElementById('content')?.focus({ preventScroll: true }))
  }
}

/** Changes parameters of the present place; empty ones go. */
export function setQuery(changes: Readonly<Record<string, string | undefined>>): void {
  const next = new URLSearchParams(place.value.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name)
    else next.set(name, value)
  }
  const text = next.toString()
  navigate(`${place.value.path}${text === '' ? '' : `?${text}`}${place.value.hash}`, true)
}

/** Links of the page become steps of the router. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    place.value = read()
  })
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return
    const link = (event.target as Element).closest('a')
    if (
      link === null ||
      link.target !== '' ||
      link.hasAttribute('download') ||
      link.origin !== location.origin
    )
      return
    if (link.pathname.startsWith('/api/') || link.pathname === '/metrics') return
    event.preventDefault()
    navigate(`${link.pathname}${link.search}${link.hash}`)
  })
}

/** `/c/:name/:tab?` with what stands there, decoded; undefined where the path does not fit. */
export function match(pattern: string, given: string): Readonly<Record<string, string>> | undefined {
  const [wanted, parts] = [pattern.split('/').slice(1), given.split('/').slice(1)]
  if (parts.at(-1) === '') parts.pop()
  if (wanted[0] === '' && parts.length === 0) return {}
  const found: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = parts[index]
    if (part.startsWith(':')) {
      const isOptional = part.endsWith('?')
      if (value === undefined) {
        if (isOptional) continue
        return undefined
      }
      found[part.slice(1, isOptional ? -1 : undefined)] = decodeURIComponent(value)
    } else if (part !== value) return undefined
  }
  return parts.length > wanted.length ? undefined : found
}

export const connectionPath = (name: string, tab?: string): string =>
  `/c/${encodeURIComponent(name)}${tab === undefined ? '' : `/${tab}`}`
export const eventPath = (messageId: string): string => `/e/${encodeURIComponent(messageId)}`
