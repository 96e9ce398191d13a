// Everything that the API gives; the browser application reads the same types.

export * from './connection'
export * from './dead'
export * from './event'
export * from './overview'
export * from './stream'
export * from './tester'
