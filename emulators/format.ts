/** 12345 → `12,345`. */
export const formatCount = (count: number): string => Math.round(count).toLocaleString('en-US')

/** 1 event, 2 events. */
export const plural = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
