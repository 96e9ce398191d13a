import { signal } from '@preact/signals'

/** Milliseconds since the epoch, told anew each second: for ages and countdowns. */
export const now = signal(Date.now())
setInterval(() => {
  now.value = Date.now()
}, 1_000)
