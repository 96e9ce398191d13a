/** Numbers below this are seconds since the epoch, others milliseconds. */
const millisecondsFrom = 1e11

/** Whole seconds since the epoch, of the first time that can be read: ISO 8601, or digits in seconds or milliseconds. */
export function seconds(...times: readonly (string | number | undefined)[]): number | undefined {
  for (const time of times) {
    const value = secondsOf(time)
    if (value !== undefined) return value
  }
  return undefined
}

function secondsOf(time: string | number | undefined): number | undefined {
  if (time === undefined || time === '') return undefined
  const number = Number(time)
  if (Number.isFinite(number)) return Math.floor(Math.abs(number) < millisecondsFrom ? number : number / 1000)
  const milliseconds = Date.parse(String(time))
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
}
