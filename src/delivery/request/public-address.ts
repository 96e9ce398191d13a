import type { LookupAddress, LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { buildConnector } from 'undici'
import { NetworkError } from './network-error'

/** Whether an address is one of the public internet. An IPv4 address within an IPv6 one counts as itself. */
export function isPublicAddress(address: string): boolean {
  const ipaddr = require('ipaddr.js') as typeof import('ipaddr.js')
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}

const refused = (): NetworkError =>
  new NetworkError(
    'PRIVATE_ADDRESS',
    'the address is within a private network or this machine, which the host of waybill does not allow (allowPrivateAddresses)',
    { isSent: false },
  )

/**
 * Resolves names to public addresses alone. The connection goes to the very address that was checked, so that a name
 * server that gives another one next time gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  const { lookup } = require('node:dns') as typeof import('node:dns')
  const all: LookupOptions & { all: true } = { ...options, all: true }
  lookup(hostname, all, (error, addresses: LookupAddress[]) => {
    const found = error === null ? addresses.filter(({ address }) => isPublicAddress(address)) : []
    const [first] = found
    if (error !== null) callback(error, '')
    else if (first === undefined) callback(refused(), '')
    else if (options.all) callback(null, found)
    else callback(null, first.address, first.family)
  })
}

/** A connector that refuses private addresses that are written as such, or as `localhost`: these are not looked up. */
export const publicConnector =
  (connect: buildConnector.connector): buildConnector.connector =>
  (options, callback) =>
    isPrivateHost(options.hostname) ? callback(refused(), null) : connect(options, callback)

/** Whether a host is private by its name alone. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  const { isIP } = require('node:net') as typeof import('node:net')
  return isIP(host) === 0 ? /(?:^|\.)localhost\.?$/i.test(host) : !isPublicAddress(host)
}

/** @throws NetworkError for an address whose host is private by its name alone. */
export function refusePrivate(url: string): void {
  if (isPrivateHost(new URL(url).hostname)) throw refused()
}
