import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/**
 * The rows of a long table that can be seen, in a scrolling box: the others are room above and below. Rows have one
 * height. `onRange` is told which rows are wanted, so that pages can be fetched.
 */
export function WindowList({
  total,
  rowHeight,
  height,
  label,
  header,
  row,
  onRange,
  columns,
}: {
  readonly total: number
  readonly rowHeight: number
  readonly height: number
  readonly label: string
  readonly header: ComponentChildren
  readonly row: (index: number) => ComponentChildren
  readonly onRange?: (from: number, to: number) => void
  readonly columns: number
}) {
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const shown = Math.ceil(height / rowHeight) + 4
  const first = Math.max(0, Math.min(total - shown, Math.floor(top / rowHeight) - 2))
  const last = Math.min(total, first + shown)
  useEffect(() => onRange?.(first, last), [first, last, onRange])
  return (
    <div
      class="window"
      ref={box}
      style={{ maxHeight: `${height}px` }}
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={() => setTop(box.current?.scrollTop ?? 0)}
    >
      <table class="table fixed" aria-rowcount={total + 1}>
        <thead>{header}</thead>
        <tbody>
          {first > 0 && (
            <tr class="room" aria-hidden="true">
              <td colSpan={columns} style={{ height: `${first * rowHeight}px` }} />
            </tr>
          )}
          {Array.from({ length: Math.max(0, last - first) }, (_, index) => row(first + index))}
          {last < total && (
            <tr class="room" aria-hidden="true">
              <td colSpan={columns} style={{ height: `${(total - last) * rowHeight}px` }} />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}
