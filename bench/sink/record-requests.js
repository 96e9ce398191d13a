const { createServer } = require('node:http')

/** Headers that belong to a connection or a network stack, not to a destination. */
const ofTheStack = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'transfer-encoding',
])

/** Runs `send` against a server that keeps every request, and gives the requests. */
async function recordRequests(send) {
  const requests = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const headers = Object.entries(request.headers).filter(([name]) => !ofTheStack.has(name))
    requests.push({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(headers.sort(([a], [b]) => (a < b ? -1 : 1))),
      body,
    })
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"status":"accepted"}')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await send(`http://127.0.0.1:${server.address().port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return requests
}

module.exports = { recordRequests }
