import { useEffect, useState } from 'preact/hooks'
import { takeKeys } from './keyboard'

/** A row of a list that the keys `j` and `k` move, with what the others do to it. */
export function useRows(
  length: number,
  actions: Readonly<Record<string, (index: number) => void>>,
  reset?: unknown,
): readonly [number, (index: number) => void] {
  const [at, setAt] = useState(-1)
  useEffect(() => setAt(-1), [reset])
  useEffect(() => {
    const move = (by: number) => () => {
      const next = Math.max(0, Math.min(length - 1, at + by))
      setAt(next)
      document.querySelector(`[data-row="${next}"]`)?.scrollIntoView({ block: 'nearest' })
    }
    const own = Object.fromEntries(
      Object.entries(actions).map(([key, act]) => [
        key,
        () => {
          if (at >= 0 && at < length) act(at)
        },
      ]),
    )
    return takeKeys({ j: move(1), k: move(-1), ...own })
  })
  return [at, setAt]
}
