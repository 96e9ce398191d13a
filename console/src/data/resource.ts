import { useEffect, useRef, useState } from 'preact/hooks'
import { type ApiFailure, get } from './api'
import { streamState } from './stream'

export type Resource<Data> = {
  readonly data: Data | undefined
  readonly error: ApiFailure | undefined
  readonly isLoading: boolean
  reload(): void
  set(data: Data): void
}

/**
 * Reads a route, and again when the route changes or the stream comes back. Old data stays until new data come.
 * `everyMs`: reads again after so many milliseconds while the page is seen.
 */
export function useResource<Data>(path: string | undefined, everyMs?: number): Resource<Data> {
  const [state, setState] = useState<{ data?: Data; error?: ApiFailure; of?: string }>({})
  const [isLoading, setLoading] = useState(path !== undefined)
  const [turn, setTurn] = useState(0)
  const before = useRef(streamState.value.kind)
  useEffect(() => {
    if (path === undefined) return
    const controller = new AbortController()
    setLoading(true)
    get<Data>(path, controller.signal).then(
      (data) => {
        setState({ data, of: path })
        setLoading(false)
      },
      (error) => {
        if (controller.signal.aborted) return
        setState((old) => ({
          ...(old.data !== undefined && { data: old.data }),
          error: error as ApiFailure,
          of: path,
        }))
        setLoading(false)
      },
    )
    return () => controller.abort()
  }, [path, turn])
  useEffect(() => {
    if (everyMs === undefined || path === undefined) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setTurn((value) => value + 1)
    }, everyMs)
    return () => clearInterval(timer)
  }, [everyMs, path])
  useEffect(
    () =>
      streamState.subscribe(({ kind }) => {
        if (kind === 'live' && before.current === 'stale') setTurn((value) => value + 1)
        before.current = kind
      }),
    [],
  )
  return {
    data: state.data,
    error: state.error,
    isLoading,
    reload: () => setTurn((value) => value + 1),
    set: (data) => setState({ data, ...(path !== undefined && { of: path }) }),
  }
}
