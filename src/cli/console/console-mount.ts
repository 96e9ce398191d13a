import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { Console } from 'waybill/console'
import { packageFolder } from '../package-folder'

/** The folder of the browser application, in the package. */
export const consoleFolder = (): string => join(packageFolder(), 'dist', 'console')

/** The console as a handler of Node's server. */
export function consoleMount(
  console: Console,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const listener = getRequestListener((request) => console.fetch(request))
  return (incoming, outgoing) => void listener(incoming, outgoing)
}
