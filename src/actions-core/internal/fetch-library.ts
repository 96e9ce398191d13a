type FetchLibrary = typeof import('cross-fetch')

let library: FetchLibrary | undefined

/**
 * The fetch of the compatibility request client: over `node:http(s)`, so that interceptors and agents work as with
 * the reference. Loaded with the first request.
 */
export function fetchLibrary(): FetchLibrary {
  library ??= require('cross-fetch') as FetchLibrary
  return library
}
