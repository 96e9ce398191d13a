import { fetchLibrary } from './fetch-library'

const library = fetchLibrary()

/** `fetch` over `node:http(s)`, and its classes. */
export const { fetch, Headers, Request, Response } = library

export type Request = InstanceType<typeof library.Request>
export type Response = InstanceType<typeof library.Response>
export type Headers = InstanceType<typeof library.Headers>

// biome-ignore lint/style/noDefaultExport: the reference's module exports it so
export default fetch
