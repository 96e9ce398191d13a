import type { Reply } from './reply'

/** The answers that a destination has to cope with. */
export const failures: readonly Reply[] = [
  { status: 400 },
  { status: 401 },
  { status: 429, headers: { 'retry-after': '30' } },
  { status: 500 },
  'time-out',
]
