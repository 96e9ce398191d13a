import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { get } from '../data/api'
import { connectionPath, eventPath, navigate } from '../data/router'
import { me } from '../data/session'
import { nextTheme } from '../data/settings'
import { overview } from '../data/stream'
import { Dialog } from './dialog'
import { isHelpOpen } from './help'
import { Icon, type IconName } from './icon'

export const isPaletteOpen = signal(false)

type Entry = { readonly text: string; readonly note: string; readonly icon: IconName; run(): void }

const screens: readonly (readonly [string, string, IconName])[] = [
  ['Overview', '/', 'home'],
  ['Live', '/live', 'live'],
  ['Dead letters', '/dead', 'archive'],
  ['Tester', '/test', 'flask'],
  ['Vendors', '/vendors', 'box'],
]

function entriesOf(text: string, found: { events: readonly string[]; persons: readonly string[] }): Entry[] {
  const go = (to: string) => () => navigate(to)
  const all: Entry[] = [
    ...screens.map(([name, to, icon]) => ({ text: name, note: 'screen', icon, run: go(to) })),
    ...(overview.value?.connections ?? []).map(({ name }) => ({
      text: name,
      note: 'connection',
      icon: 'plug' as const,
      run: go(connectionPath(name)),
    })),
    ...(Object.values(me.value ?? {}).length > 0
      ? [
          { text: 'Change the theme', note: 'action', icon: 'sun' as const, run: nextTheme },
          {
            text: 'Show all keys',
            note: 'action',
            icon: 'question' as const,
            run: () => {
              isHelpOpen.value = true
            },
          },
          {
            text: 'The API as a document (OpenAPI)',
            note: 'action',
            icon: 'download' as const,
            run: () => {
              location.href = '/api/openapi.json'
            },
          },
        ]
      : []),
  ]
  const matching = all.filter((entry) => entry.text.toLowerCase().includes(text.toLowerCase()))
  if (text.length < 2) return matching
  return [
    ...matching,
    ...found.events.map((id) => ({ text: id, note: 'event', icon: 'swap' as const, run: go(eventPath(id)) })),
    ...found.persons.map((person) => ({
      text: person,
      note: 'person',
      icon: 'search' as const,
      run: go(`/live?q=${encodeURIComponent(person)}`),
    })),
    { text, note: 'open the event with this id', icon: 'swap', run: go(eventPath(text)) },
    { text, note: 'find in outcomes', icon: 'live', run: go(`/live?q=${encodeURIComponent(text)}`) },
    { text, note: 'find in dead letters', icon: 'archive', run: go(`/dead?q=${encodeURIComponent(text)}`) },
  ]
}

/** Finds places, connections, ids and persons. */
export function Palette() {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [found, setFound] = useState<{ events: readonly string[]; persons: readonly string[] }>({
    events: [],
    persons: [],
  })
  useEffect(() => {
    if (text.length < 2) return setFound({ events: [], persons: [] })
    const controller = new AbortController()
    get<typeof found>(`/api/find?q=${encodeURIComponent(text)}`, controller.signal).then(
      setFound,
      () => undefined,
    )
    return () => controller.abort()
  }, [text])
  const close = (): void => {
    isPaletteOpen.value = false
  }
  const entries = entriesOf(text, found)
  const run = (entry: Entry | undefined): void => {
    close()
    entry?.run()
  }
  return (
    <Dialog title="Find anything" onClose={close} class="palette">
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${at}`}
        aria-label="Find anything"
        placeholder="A connection, an event's id, a person, a screen"
        value={text}
        spellcheck={false}
        onInput={(event) => {
          setText(event.currentTarget.value.trim())
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault()
            setAt(Math.max(0, Math.min(entries.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))))
          }
          if (event.key === 'Enter') {
            event.preventDefault()
            run(entries[at])
          }
        }}
      />
      <ul id="palette-list" role="listbox" aria-label="Found">
        {entries.map((entry, index) => (
          <li
            key={`${entry.note}${entry.text}`}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => run(entry)}
            onPointerMove={() => setAt(index)}
          >
            <Icon name={entry.icon} />
            <span class="cut">{entry.text}</span>
            <span class="faint">{entry.note}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
