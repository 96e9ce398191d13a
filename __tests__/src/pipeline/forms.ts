/** The two forms of everything that is compiled: generated code, and closures. */
export const forms = {
  generated: { generateAfter: 0 },
  closure: { generateAfter: Number.POSITIVE_INFINITY },
}

export const allForms = Object.values(forms)
