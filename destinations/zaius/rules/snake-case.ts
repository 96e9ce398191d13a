/**
 * A name as ODP writes names: words in lower case, joined by underscores. `Trial Started` and `trialStarted` both
 * give `trial_started`. Letters of any script stay; a name without letters and digits gives ''.
 */
export const snakeCase = (name: string): string =>
  name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
