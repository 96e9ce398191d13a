/** `error`: it cannot work as it stands. `warning`: it works, but perhaps not as it was meant. */
export type Severity = 'error' | 'warning'

/**
 * Every rule of `lint`, with how serious a finding is and what it says. The page `docs/lint.md` holds the same rows; a
 * test compares the two.
 */
export const lintRules = {
  'invalid-definition': {
    severity: 'error',
    meaning: 'A destination definition is not well formed.',
  },
  'unknown-action': {
    severity: 'error',
    meaning: 'A subscription names an action that the destination does not have.',
  },
  'unused-preset': {
    severity: 'warning',
    meaning: 'A preset names an action that the destination does not have; it is left out.',
  },
  'unknown-field': {
    severity: 'error',
    meaning: 'A mapping has a key, or batch keys a name, that is no field of the action.',
  },
  'missing-required-field': {
    severity: 'error',
    meaning: 'A required field gets no value: every event is invalid.',
  },
  'mapping-never-fits': {
    severity: 'error',
    meaning: 'Whatever an event holds, the value of a mapping or default does not fit its field.',
  },
  'invalid-mapping': {
    severity: 'error',
    meaning: 'A directive holds a mistake.',
  },
  'unused-option': {
    severity: 'warning',
    meaning: 'A directive has an option that it does not read.',
  },
  'mapping-differs': {
    severity: 'warning',
    meaning: 'A mapping gives something else in compatibility mode.',
  },
  'field-differs': {
    severity: 'warning',
    meaning: 'A rule of a field is not held in compatibility mode.',
  },
  'invalid-filter': {
    severity: 'error',
    meaning: 'A filter cannot be read.',
  },
  'unquoted-value': {
    severity: 'warning',
    meaning: 'A filter compares with a text that lacks its quotes.',
  },
  'filter-never-matches': {
    severity: 'error',
    meaning: 'No event can match a filter.',
  },
  'filter-differs': {
    severity: 'warning',
    meaning: 'A filter lets other events through in compatibility mode.',
  },
  'filter-undecided': {
    severity: 'warning',
    meaning: 'A filter has too many conditions to compare what it means in the two modes.',
  },
  'unmatched-path': {
    severity: 'warning',
    meaning: 'A path has a bracket or a quote that is not closed, so that it leads to nothing.',
  },
  'unknown-path': {
    severity: 'warning',
    meaning: 'A path leads to nothing that the Segment Spec knows.',
  },
} as const satisfies Record<string, { readonly severity: Severity; readonly meaning: string }>

export type LintRule = keyof typeof lintRules

/** Something that `lint` found. */
export type Finding = {
  readonly rule: LintRule
  readonly severity: Severity
  /** Where: `acme.presets[0].mapping.email`, `connections[0].subscriptions[2].filter`. */
  readonly path: string
  /** What is wrong, and what to do. */
  readonly message: string
  /** For `filter-differs` and `mapping-differs`: an event on which the two modes disagree. */
  readonly witness?: Readonly<Record<string, unknown>>
}

/** Takes what is found. */
export type Report = (
  rule: LintRule,
  path: string,
  message: string,
  witness?: Readonly<Record<string, unknown>>,
) => void

/** Collects findings; each place and message is told once. */
export function createFindings(): { readonly report: Report; readonly findings: Finding[] } {
  const byText = new Map<string, Finding>()
  return {
    report(rule, path, message, witness) {
      const { severity } = lintRules[rule]
      const finding: Finding = { rule, severity, path, message, ...(witness !== undefined && { witness }) }
      const text = `${rule} ${path} ${message}`
      if (!byText.has(text)) byText.set(text, finding)
    },
    get findings() {
      return [...byText.values()]
    },
  }
}
