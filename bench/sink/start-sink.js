const { execFileSync, spawn } = require('node:child_process')
const { once } = require('node:events')
const { join } = require('node:path')

/**
 * Compiles the sink, with TLS where the headers of OpenSSL are there. Undefined without a C compiler, or without TLS
 * if that is asked for.
 */
function compileSink(folder, withTls) {
  const program = join(folder, withTls ? 'sink-tls' : 'sink')
  const tls = withTls ? ['-DWITH_TLS', '-lssl', '-lcrypto'] : []
  try {
    execFileSync('cc', ['-O2', '-o', program, join(__dirname, 'sink.c'), ...tls], { stdio: 'ignore' })
    return program
  } catch {
    return undefined
  }
}

/**
 * Starts a keep-alive server on loopback in a process of its own: in C where it compiles, else Node's. `tls` are the
 * files of a certificate and its key.
 */
async function startSink(folder, tls) {
  const program = compileSink(folder, tls !== undefined)
  const files = tls === undefined ? [] : [tls.certificate, tls.key]
  const [command, parameters] =
    program === undefined ? [process.execPath, [join(__dirname, 'node-sink.js'), ...files]] : [program, files]
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${Number(String(port))}`
  return {
    url,
    kind: program === undefined ? 'Node' : 'C',
    /** How many connections were opened to it so far. */
    async connections() {
      const answer = await fetch(`${url}/connections`)
      return (await answer.json()).connections
    },
    stop: () => child.kill(),
  }
}

module.exports = { startSink }
