/** Vendors of a kind each, in a process of their own: one that works, one that fails, one that stalls, one that asks for an hour. */
const { createServer } = require('node:http')

const latencyMs = 5

const handlers = {
  healthy: (response) => setTimeout(() => response.end('{}'), latencyMs),
  fails: (response) => response.writeHead(500).end('{}'),
  stalls: () => undefined,
  asksForAnHour: (response) => response.writeHead(429, { 'retry-after': '3600' }).end('{}'),
}

const listen = (handle) =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      request.resume()
      request.on('end', () => handle(response))
    })
    server.keepAliveTimeout = 60_000
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`))
  })

async function main() {
  const urls = {}
  for (const [name, handle] of Object.entries(handlers)) urls[name] = await listen(handle)
  process.send(urls)
  process.on('disconnect', () => process.exit())
}

main()
