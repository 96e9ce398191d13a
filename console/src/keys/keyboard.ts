import { navigate } from '../data/router'
import { hasLetterKeys } from '../data/settings'
import { isHelpOpen } from '../parts/help'
import { isPaletteOpen } from '../parts/palette'

type Handler = (event: KeyboardEvent) => void
const handlers: Map<string, Handler>[] = []

/** Takes keys while a screen is shown (`j`, `shift+x`, `space`); the result lets go of them. */
export function takeKeys(keys: Readonly<Record<string, Handler>>): () => void {
  const map = new Map(Object.entries(keys))
  handlers.push(map)
  return () => {
    handlers.splice(handlers.indexOf(map), 1)
  }
}

const targets: Readonly<Record<string, string>> = {
  o: '/',
  l: '/live',
  d: '/dead',
  t: '/test',
  v: '/vendors',
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input:not([type=checkbox]), textarea, select, [contenteditable=true], .editor, dialog') !==
    null

let isAfterG = false

function press(event: KeyboardEvent): void {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault()
    isPaletteOpen.value = !isPaletteOpen.value
    return
  }
  if (event.defaultPrevented || event.altKey) return
  const name = `${event.metaKey || event.ctrlKey ? 'mod+' : ''}${event.shiftKey && event.key.length > 1 ? 'shift+' : ''}${event.shiftKey && /^[A-Z]$/.test(event.key) ? `shift+${event.key.toLowerCase()}` : event.key === ' ' ? 'space' : event.key}`
  const isModified = name.startsWith('mod+')
  if (!isModified && (isTyping(event.target) || isPaletteOpen.value || isHelpOpen.value)) return
  const isLetter = event.key.length === 1 && !isModified
  if (isLetter && !hasLetterKeys.value && name !== '?') return
  if (isAfterG) {
    isAfterG = false
    const target = targets[event.key]
    if (target !== undefined) {
      event.preventDefault()
      navigate(target)
      return
    }
  }
  if (name === 'g') {
    isAfterG = true
    setTimeout(() => {
      isAfterG = false
    }, 1_200)
    return
  }
  if (name === '?') {
    isHelpOpen.value = true
    return
  }
  if (name === '/') {
    const filter = document.querySelector<HTMLInputElement>('main [data-filter]')
    if (filter === null) return
    event.preventDefault()
    filter.focus()
    return
  }
  // A focused button or link keeps its own keys.
  const isOnControl = event.target instanceof Element && event.target.closest('a, button, summary') !== null
  if (isOnControl && (name === 'Enter' || name === 'space')) return
  for (const map of [...handlers].reverse()) {
    const handler = map.get(name)
    if (handler === undefined) continue
    event.preventDefault()
    handler(event)
    return
  }
}

export const startKeyboard = (): void => document.addEventListener('keydown', press)
