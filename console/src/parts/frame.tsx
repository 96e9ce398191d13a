import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { now } from '../data/now'
import { connectionPath, path } from '../data/router'
import { isReadOnly, me } from '../data/session'
import { nextTheme, theme } from '../data/settings'
import { overview, streamState } from '../data/stream'
import { toasts } from '../data/toast'
import { bytes, clock, count } from '../words/format'
import { stateWords } from '../words/kinds'
import { IconButton } from './controls'
import { Icon, type IconName, Mark } from './icon'
import { isPaletteOpen } from './palette'

export const places = [
  ['/', 'Overview', 'home', 'o'],
  ['/live', 'Live', 'live', 'l'],
  ['/dead', 'Dead letters', 'archive', 'd'],
  ['/test', 'Tester', 'flask', 't'],
  ['/vendors', 'Vendors', 'box', 'v'],
] as const satisfies readonly (readonly [string, string, IconName, string])[]

const isAt = (href: string): boolean =>
  href === '/' ? path.value === '/' : path.value === href || path.value.startsWith(`${href}/`)

function Links() {
  const dead = overview.value?.figures.dead ?? 0
  return (
    <nav class="nav" aria-label="Places">
      {places.map(([href, label, icon]) => (
        <a key={href} href={href} aria-current={isAt(href) ? 'page' : undefined}>
          <Icon name={icon} />
          {label}
          {href === '/dead' && dead > 0 && <span class="count">{count(dead)}</span>}
        </a>
      ))}
    </nav>
  )
}

const shownConnections = 12

function Connections() {
  const connections = overview.value?.connections ?? []
  if (connections.length === 0) return null
  return (
    <nav class="nav" aria-label="Connections">
      <div class="label">Connections</div>
      {connections.slice(0, shownConnections).map(({ name, state, waiting }) => (
        <a
          key={name}
          href={connectionPath(name)}
          aria-current={isAt(connectionPath(name)) ? 'page' : undefined}
          title={`${name}: ${stateWords[state]}`}
        >
          <span class={`dot ${state}`} />
          <span class="cut">{name}</span>
          <span class="visually-hidden">, {stateWords[state]}</span>
          {waiting > 0 && <span class="count">{count(waiting)}</span>}
        </a>
      ))}
      {connections.length > shownConnections && (
        <a href="/#connections">
          <span class="dot idle" />
          all {count(connections.length)}
        </a>
      )}
    </nav>
  )
}

const themeWords = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' } as const
const themeIcons = { system: 'screen', light: 'sun', dark: 'moon' } as const

function Foot() {
  const { kind } = streamState.value
  const store = me.value?.store
  return (
    <div class="foot">
      <div class="row">
        <span class={`dot ${kind === 'live' ? 'delivered' : kind === 'stale' ? 'invalid' : 'skipped'}`} />
        <span class="cut">
          {kind === 'live' ? 'Live' : kind === 'stale' ? 'Not live' : 'Connecting'}{' '}
          <span class="faint">· {location.host}</span>
        </span>
        <IconButton icon={themeIcons[theme.value]} label={themeWords[theme.value]} onClick={nextTheme} />
      </div>
      {me.value && (
        <div class="cut">
          waybill {me.value.version} · {store?.kind}
          {store?.bytes !== undefined && `, ${bytes(store.bytes)}`}
        </div>
      )}
    </div>
  )
}

function Tabs() {
  const dead = overview.value?.figures.dead ?? 0
  return (
    <nav class="tabs" aria-label="Places">
      {places.map(([href, label, icon]) => (
        <a key={href} href={href} aria-current={isAt(href) ? 'page' : undefined}>
          <Icon name={icon} />
          {href === '/dead' ? 'Dead' : label}
          {href === '/dead' && dead > 0 && (
            <span class="badge">{dead > 999 ? `${Math.floor(dead / 1_000)}k` : dead}</span>
          )}
        </a>
      ))}
    </nav>
  )
}

/** The frame around all screens. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="frame">
      <a
        class="visually-hidden skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('content')?.focus()
        }}
      >
        Go to the content
      </a>
      <aside class="side">
        <div class="brand">
          <Mark /> waybill
          {me.value && <span class="tag">{me.value.environment}</span>}
        </div>
        <button
          type="button"
          class="find"
          onClick={() => {
            isPaletteOpen.value = true
          }}
        >
          <Icon name="search" /> Find anything{' '}
          <kbd>{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <Links />
        <Connections />
        <Foot />
      </aside>
      <div class="main">{children}</div>
      <Tabs />
      <div class="toast" role="status" aria-live="polite">
        {toasts.value.map(({ id, text, href, link }) => (
          <div key={id}>
            {text} {href && <a href={href}>{link}</a>}
          </div>
        ))}
      </div>
    </div>
  )
}

/** A screen: its bar with crumbs and actions, what is not live, and its content. */
export function Screen({
  title,
  parent,
  actions,
  children,
  isDim,
  class: className = 'page',
}: {
  readonly title: string
  readonly parent?: readonly [string, string]
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
  readonly isDim?: boolean
  readonly class?: string
}) {
  useEffect(() => {
    document.title = `${title} · waybill`
  }, [title])
  const { kind, since } = streamState.value
  const isStale = kind === 'stale'
  return (
    <>
      <header class="top">
        <div class="crumbs cut">
          {parent && (
            <>
              <a href={parent[1]}>{parent[0]}</a>
              <span class="sep">/</span>
            </>
          )}
          <span class="cut">{title}</span>
        </div>
        <div class="actions">
          {actions}
          <span class="narrow-only">
            <IconButton
              icon="search"
              label="Find anything"
              onClick={() => {
                isPaletteOpen.value = true
              }}
            />
          </span>
        </div>
      </header>
      {isStale && (
        <div class="stale" role="status">
          Not live since {clock(new Date(since).toISOString(), now.value)}. Reconnecting.
        </div>
      )}
      {isReadOnly.value && <div class="stale">You can read here; changes need the token to operate.</div>}
      {me.value && !me.value.permissions.includes('payloads') && (
        <div class="stale">Values of events are hidden here; keys and types are shown.</div>
      )}
      <main id="content" tabIndex={-1} class={`${className} ${isDim || isStale ? 'dim' : ''}`}>
        {children}
      </main>
    </>
  )
}
