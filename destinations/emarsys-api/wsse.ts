import { createHash, randomBytes } from 'node:crypto'

/**
 * The value of `X-WSSE`. The digest is base64 over the hex text of SHA-1, as the vendor's own script makes it, not over
 * its 20 bytes.
 */
export function wsseHeader(
  user: string,
  secret: string,
  nonce = randomBytes(16).toString('hex'),
  created = new Date().toISOString(),
): string {
  const hex = createHash('sha1')
    .update(nonce + created + secret)
    .digest('hex')
  const digest = Buffer.from(hex).toString('base64')
  return `UsernameToken Username="${user}", PasswordDigest="${digest}", Nonce="${nonce}", Created="${created}"`
}
