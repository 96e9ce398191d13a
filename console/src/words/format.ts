const grouped = new Intl.NumberFormat('en-US')

/** `12,481` */
export const count = (value: number): string => grouped.format(Math.round(value))

/** `1 event`, `12,481 events` */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

const words = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
/** `two`, or `12`. */
export const numberWord = (value: number): string => words[value] ?? count(value)

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** `99.1 %`; never rounded up to 100 while something is missing. */
export function share(value: number): string {
  const percent = value * 100
  const shown = percent > 99.95 && percent < 100 ? 99.9 : percent
  return `${shown === 100 || shown === 0 ? shown : shown.toFixed(1)} %`
}

/** `240 ms`, `1.9 s`, `12 min`, `4 h`, `3 d` */
export function span(ms: number): string {
  const value = Math.max(0, ms)
  if (value < 1_000) return `${Math.round(value)} ms`
  if (value < 9_950) return `${(value / 1_000).toFixed(1)} s`
  if (value < 90_000) return `${Math.round(value / 1_000)} s`
  if (value < 5_400_000) return `${Math.round(value / 60_000)} min`
  if (value < 129_600_000) return `${Math.round(value / 3_600_000)} h`
  return `${Math.round(value / 86_400_000)} d`
}

/** `1.4 GB` */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let [size, unit] = [value, 0]
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000
    unit += 1
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `14:02` of today, else with the day. */
export function clock(iso: string, now = Date.now()): string {
  const time = new Date(iso)
  const hours = `${two(time.getHours())}:${two(time.getMinutes())}`
  return new Date(now).toDateString() === time.toDateString() ? hours : `${day(iso)}, ${hours}`
}

/** `14:02:11` */
export function clockSeconds(iso: string, withMs = false): string {
  const time = new Date(iso)
  const text = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  return withMs ? `${text}.${String(time.getMilliseconds()).padStart(3, '0')}` : text
}

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)
/** `14 December` */
export const day = (iso: string): string => `${new Date(iso).getDate()} ${months[new Date(iso).getMonth()]}`

/** Relative below an hour, absolute above: `3 min ago`, `14:02`. */
export function ago(iso: string, now: number): string {
  const age = now - Date.parse(iso)
  if (age < 5_000) return 'now'
  return age < 3_600_000 ? `${span(age)} ago` : clock(iso, now)
}

/** What a pointer shows: both forms, and UTC. */
export const exact = (iso: string): string => `${clockSeconds(iso, true)} · ${iso} (UTC)`
