/** A point in time for `duration`, in nanoseconds. */
export function time(): bigint {
  return process.hrtime.bigint()
}

/** Milliseconds between two points of `time`. */
export function duration(start: bigint, stop: bigint): number {
  return Number(stop - start) / 1_000_000
}
