/** The sink without a C compiler: the same answers as `sink.c`, by Node's own server, which is several times slower. */
const { readFileSync } = require('node:fs')
const http = require('node:http')
const https = require('node:https')

const [certificate, key] = process.argv.slice(2)
let connections = 0

const answer = (request, response) => {
  const body =
    request.url === '/connections'
      ? JSON.stringify({ connections: connections - 1 })
      : '{"status":"accepted"}'
  request.resume().once('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
}

const server =
  certificate === undefined
    ? http.createServer(answer)
    : https.createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, answer)
server.keepAliveTimeout = 60_000
server.on(certificate === undefined ? 'connection' : 'secureConnection', () => {
  connections += 1
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
