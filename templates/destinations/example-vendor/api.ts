/** Where the API is, unless the settings say otherwise. */
export const defaultEndpoint = 'https://api.example-vendor.example'

/** The address of a path of the API. */
export const address = (settings: { endpoint?: string }, path: string): string =>
  `${(settings.endpoint ?? defaultEndpoint).replace(/\/+$/, '')}${path}`
