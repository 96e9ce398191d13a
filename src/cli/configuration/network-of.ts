import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { NetworkOptions } from 'waybill'
import type { Report } from './problems'
import { substituteEnvironment } from './substitute-environment'

type Environment = Readonly<Record<string, string | undefined>>
type Found = { readonly network: NetworkOptions | undefined; readonly secrets: readonly string[] }

/** The small letters come first, as in curl. */
const variable = (environment: Environment, name: string): string | undefined =>
  environment[name.toLowerCase()] || environment[name] || undefined

/** The proxies that the environment names: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case. */
export function proxyOfEnvironment(environment: Environment): NetworkOptions['proxy'] | undefined {
  const all = variable(environment, 'ALL_PROXY')
  const http = variable(environment, 'HTTP_PROXY') ?? all
  const https = variable(environment, 'HTTPS_PROXY') ?? all
  const no = variable(environment, 'NO_PROXY')
  if (http === undefined && https === undefined) return undefined
  return {
    ...(http !== undefined && { http }),
    ...(https !== undefined && { https }),
    ...(no !== undefined && { no }),
  }
}

/**
 * How a connection of a configuration file reaches the network: what the file says goes over the proxies of the
 * environment. Certificates and keys are PEM, or the names of files that hold it, seen from the configuration.
 */
export function networkOf(
  given: NetworkOptions | undefined,
  at: string,
  file: string,
  environment: Environment,
  report: Report,
): Found {
  const { value, secrets } = substituteEnvironment(given ?? {}, at, environment, report)
  const { tls, ...own } = value as NetworkOptions
  const proxy = own.proxy ?? proxyOfEnvironment(environment)
  const read = (text: string, name: string): string => pemOf(text, `${at}.tls.${name}`, file, report)
  const opened = tls && {
    ...tls,
    ...(tls.ca !== undefined && { ca: [tls.ca].flat().map((text) => read(text, 'ca')) }),
    ...(tls.cert !== undefined && { cert: read(tls.cert, 'cert') }),
    ...(tls.key !== undefined && { key: read(tls.key, 'key') }),
  }
  const network = {
    ...own,
    ...(proxy !== undefined && { proxy }),
    ...(opened !== undefined && { tls: opened }),
  }
  const passwords = [proxy?.http, proxy?.https].flatMap(passwordOf)
  const hidden = [...secrets, ...passwords, opened?.passphrase, opened?.key].filter(
    (text) => text !== undefined,
  )
  return { network: Object.keys(network).length === 0 ? undefined : network, secrets: hidden }
}

function passwordOf(address: string | undefined): string[] {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined
  return url === undefined || url.password === '' ? [] : [url.password]
}

function pemOf(text: string, at: string, file: string, report: Report): string {
  if (text.includes('-----BEGIN')) return text
  try {
    return readFileSync(resolve(dirname(file), text), 'utf8')
  } catch {
    report(at, `is neither PEM nor a file that can be read: ${text}`)
    return ''
  }
}
