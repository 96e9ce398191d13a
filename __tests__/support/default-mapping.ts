type Action = { readonly fields?: Readonly<Record<string, { readonly default?: unknown }>> }

/** The mapping that a person gets who changes nothing: the defaults of an action's fields. */
export const defaultMapping = (action: Action | undefined): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(action?.fields ?? {}).flatMap(([key, field]) =>
      field.default === undefined ? [] : [[key, field.default]],
    ),
  )
