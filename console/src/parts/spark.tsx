/** A small line of counts over time. */
export function Spark({
  counts,
  class: className = '',
}: {
  readonly counts: readonly number[]
  readonly class?: string
}) {
  if (counts.length < 2) return <svg class="spark" aria-hidden="true" />
  const most = Math.max(1, ...counts)
  const points = counts.map(
    (count, index) =>
      `${((index / (counts.length - 1)) * 120).toFixed(1)},${(27 - (count / most) * 22).toFixed(1)}`,
  )
  const line = `M${points.join('L')}`
  return (
    <svg class={`spark ${className}`} viewBox="0 0 120 28" preserveAspectRatio="none" aria-hidden="true">
      <path class="area" d={`${line}L120,28L0,28Z`} />
      <path class="line" d={line} />
    </svg>
  )
}
