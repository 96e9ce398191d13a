import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { BrowserContext, Page } from 'playwright-core'

const root = `${__dirname}/../..`

/** A script for a page, from the package's sources. */
export async function bundle(contents: string) {
  const result = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    conditions: ['waybill-source'],
    logLevel: 'silent',
  })
  return { text: result.outputFiles[0]?.text ?? '', inputs: Object.keys(result.metafile.inputs) }
}

/** A site on loopback whose pages load one script. */
export async function startSite(script: string) {
  const server = createServer((incoming, outgoing) => {
    const isScript = incoming.url === '/script.js'
    outgoing.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    outgoing.end(isScript ? script : '<!doctype html><title>Shop</title><script src="/script.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

/** Opens a page, and records each request that it makes. */
export async function openPage(context: BrowserContext, url: string) {
  const page: Page = await context.newPage()
  const requests: { method: string; url: string; headers: Record<string, string> }[] = []
  const errors: string[] = []
  context.on('request', (request) =>
    requests.push({ method: request.method(), url: request.url(), headers: request.headers() }),
  )
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  return {
    page,
    requests,
    errors,
    hosts: () => [...new Set(requests.map((request) => new URL(request.url).hostname))],
  }
}

export async function until(isTrue: () => boolean, withinMs = 15_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${withinMs} ms: ${isTrue}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
