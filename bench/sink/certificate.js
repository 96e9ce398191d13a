const { execFileSync } = require('node:child_process')
const { join } = require('node:path')

/** Makes a key and a certificate for 127.0.0.1 that expires tomorrow. Undefined where there is no `openssl`. */
function makeCertificate(folder) {
  const certificate = join(folder, 'certificate.pem')
  const key = join(folder, 'key.pem')
  const parameters = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const about = ['-days', '1', '-subj', '/CN=waybill bench', '-addext', 'subjectAltName=IP:127.0.0.1']
  try {
    execFileSync('openssl', [...parameters, ...about, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    })
    return { certificate, key }
  } catch {
    return undefined
  }
}

module.exports = { makeCertificate }
