/**
 * The name of an audience as its trait has it: `Order completed last 30days` becomes `order_completed_last_30days`.
 * Digits stay with their letters, as Segment's Engage spells it.
 */
export const audienceKey = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
