import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Me } from '../../src/console/shapes'
import { type ApiFailure, get, whenSignedOut } from './data/api'
import { match, path } from './data/router'
import { isSignedOut, me } from './data/session'
import { startStream, streamState } from './data/stream'
import { Frame, Screen } from './parts/frame'
import { Help, isHelpOpen } from './parts/help'
import { isPaletteOpen, Palette } from './parts/palette'
import { Failure } from './parts/states'
import { ConnectionScreen } from './screens/connection'
import { DeadScreen } from './screens/dead'
import { EventScreen } from './screens/event'
import { LiveScreen } from './screens/live'
import { LoginScreen } from './screens/login'
import { NotFoundScreen } from './screens/not-found'
import { OverviewScreen } from './screens/overview'
import { TesterScreen } from './screens/tester'
import { VendorsScreen } from './screens/vendors'

const screens: readonly (readonly [string, ComponentType<Readonly<Record<string, string>>>])[] = [
  ['/', OverviewScreen as ComponentType],
  ['/c/:name/:tab?', ConnectionScreen as unknown as ComponentType<Readonly<Record<string, string>>>],
  ['/live', LiveScreen as ComponentType],
  ['/dead', DeadScreen as ComponentType],
  ['/e/:messageId', EventScreen as unknown as ComponentType<Readonly<Record<string, string>>>],
  ['/test', TesterScreen as ComponentType],
  ['/vendors/:slug?', VendorsScreen as unknown as ComponentType<Readonly<Record<string, string>>>],
]

function Current() {
  for (const [pattern, Found] of screens) {
    const parameters = match(pattern, path.value)
    if (parameters !== undefined) return <Found {...parameters} />
  }
  return <NotFoundScreen />
}

/** Everything: who I am first, then the screen. */
export function App() {
  const [failure, setFailure] = useState<ApiFailure | undefined>(undefined)
  const start = (): void => {
    setFailure(undefined)
    get<Me>('/api/me').then(
      (value) => {
        me.value = value
        isSignedOut.value = false
        startStream()
      },
      (error: ApiFailure) => {
        if (error.status !== 401) setFailure(error)
      },
    )
  }
  useEffect(() => {
    whenSignedOut(() => {
      isSignedOut.value = true
    })
    start()
    // After a restart the server may be another version, or ask for the token again.
    return streamState.subscribe(({ kind }) => {
      if (kind === 'live' && me.value !== undefined)
        get<Me>('/api/me').then(
          (value) => {
            me.value = value
          },
          () => undefined,
        )
    })
  }, [])
  if (isSignedOut.value) return <LoginScreen onDone={start} />
  return (
    <Frame>
      {failure !== undefined ? (
        <Screen title="waybill">
          <Failure what="The console" error={failure} onRetry={start} />
        </Screen>
      ) : (
        <Current key={path.value.split('/')[1]} />
      )}
      {isPaletteOpen.value && <Palette />}
      {isHelpOpen.value && <Help />}
    </Frame>
  )
}
