import { createServer } from 'node:http'
import type { Recorded } from './check-history'
import { retryAfterMs, scriptOf } from './script-of'

/**
 * The destination, in a process of its own that is never killed: it writes each request down before it responds. `GET /log`
 * hands out what it saw. Ends when its standard input does.
 */
const log: Recorded[] = []
const attempts = new Map<string, number>()

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/log') {
    response.end(JSON.stringify(log))
    return
  }
  const id = url.searchParams.get('id') ?? ''
  const person = url.searchParams.get('person')
  request.resume()
  request.on('end', () => {
    const attempt = attempts.get(id) ?? 0
    attempts.set(id, attempt + 1)
    const script = scriptOf(id)
    const step = script[Math.min(attempt, script.length - 1)] ?? 'ok'
    log.push({
      id,
      step,
      life: Number(url.searchParams.get('life')),
      at: Date.now(),
      maybeDone: url.searchParams.get('maybe') === '1',
      ...(person !== null && { person }),
    })
    if (step === 'reset' || step === 'taken-then-reset') return request.socket.destroy()
    if (step === 'stall') return setTimeout(() => response.writeHead(503).end(), 300)
    if (step === 'retry-after') response.setHeader('x-retry-after-ms', String(retryAfterMs))
    const statuses = { ok: 200, error: 500, unavailable: 503, refuse: 400, 'retry-after': 429 }
    return response.writeHead(statuses[step]).end()
  })
})
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as { port: number }).port)
})
process.stdin.resume().on('end', () => process.exit(0))
