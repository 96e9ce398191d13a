import type { EmulatorAnswer } from 'waybill/testing'

/** One item that ODP refuses: its place in the list, and why. */
export type InvalidItem = { readonly event: number; readonly message: string }

/** One wrong member of a schema call. */
export type InvalidField = { readonly field: string; readonly reason: string }

/** Builds the bodies that ODP answers with, all with the same time stamp. `now` in milliseconds since the epoch. */
export function createAnswers(now: number) {
  const timestamp = new Date(now).toISOString()
  const titled = (status: number, title: string, detail?: unknown): EmulatorAnswer => ({
    status,
    body: { title, status, timestamp, ...(detail === undefined ? {} : { detail }) },
  })
  return {
    accepted: () => titled(202, 'Accepted'),
    json: (status: number, body: unknown): EmulatorAnswer => ({ status, body }),
    notFound: (message: string) => titled(404, 'Not Found', { message }),
    badRequest: (message: string) => titled(400, 'Bad Request', { message }),
    invalid: (invalids: readonly InvalidItem[] | readonly InvalidField[]) =>
      titled(400, 'Bad Request', { invalids }),
    /** The key is good, but of the wrong kind. */
    insufficient: () =>
      titled(403, 'Forbidden', { message: 'Insufficient privileges to access this resource.' }),
    /** The gateway in front of ODP speaks in another form. */
    gateway: (status: 403 | 413 | 429, message: string): EmulatorAnswer => ({ status, body: { message } }),
  }
}

export type Answers = ReturnType<typeof createAnswers>
