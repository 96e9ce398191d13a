/** Areas of the tz database. */
const areas = new Set(
  'Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc Europe Indian Mexico Pacific US'.split(
    ' ',
  ),
)

/** Names of the tz database that have no area. */
const singleNames = new Set(
  (
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran ' +
    'Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK ' +
    'Singapore Turkey UCT UTC Universal W-SU WET Zulu'
  ).split(' '),
)

const tzName = 'a name of the tz database such as Europe/Berlin'

export type Timezone = { readonly name: string } | { readonly reason: string }

/**
 * Reads a time zone. Connect accepts names of the tz (Olson) database alone, so offsets, abbreviations and Windows or
 * Rails names are refused with a reason, which never quotes the value. `Intl` by itself is too lax: it takes any letter case and abbreviations
 * such as PST that the database does not have.
 */
export function timezone(value: unknown): Timezone {
  if (typeof value !== 'string') return { reason: `a time zone is a text, this is of type ${typeof value}` }
  const name = value.trim()
  if (name === '') return { reason: 'the time zone is empty' }
  if (/^(?:UTC|GMT)?[+-]\d/.test(name) && !singleNames.has(name))
    return { reason: `an offset, not ${tzName}` }
  const spelled = respelled(name)
  if (!singleNames.has(spelled) && !areas.has(spelled.split('/')[0] ?? '')) return { reason: `not ${tzName}` }
  return isKnownToIntl(spelled) ? { name: spelled } : { reason: `not ${tzName}` }
}

function isKnownToIntl(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

let spellings: ReadonlyMap<string, string> | undefined

/** The database's own spelling of a name in the wrong case, where the engine lists it. */
function respelled(name: string): string {
  spellings ??= new Map(
    [...Intl.supportedValuesOf('timeZone'), ...singleNames].map((zone) => [zone.toLowerCase(), zone]),
  )
  const spelling = spellings.get(name.toLowerCase())
  if (spelling === undefined || singleNames.has(name)) return name
  return spelling
}
