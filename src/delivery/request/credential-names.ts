/** Words that make a name one of a credential, whatever stands around them. */
const tellingWords =
  /(?:^|_)(?:auth|authorization|bearer|cookie|credentials?|jwt|passcode|passphrase|passwd|password|pwd|secrets?|hmac|otp|sig|signature|tokens?|webhook|wsse|dsn)(?:_|$)/
/** Words that do so as the last one, or where the name has no other. */
const tellingEnds =
  /(?:^|_)(?:api_?key|access_?key|account_?sid|license|licen[sc]e_?key|pass|session_?id|sid)$|.._key$|^key$/
/** The same, written as one word. */
const tellingJoined =
  /(?:apikey|accesskey|privatekey|secretkey|writekey|sharedkey|authkey|authtoken|accesstoken|refreshtoken|clientsecret|accountsid|webhookurl|password|passphrase|passwd)/
/** Names that look like one of the above and are none: an idempotency key has to be seen. */
const harmlessNames =
  /^public|(?:^|_)(?:idempotency|partition|primary|foreign|sort|public|matching|dedup\w*|routing|join|row|event|object|table|index)_key$|token_(?:type|url|uri|endpoint|expiry|expires\w*)$|^auth_(?:domain|endpoint|host|method|mode|region|scheme|type|ur[il])$|(?:max|min|num|total|count|used)_tokens$/

/** `writeKey`, `X-Write-Key` and `write_key` are one name. */
const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()

/** Whether the name of a setting, a header, a query parameter or a property says that its value is a credential. */
export function isCredentialName(name: string): boolean {
  const words = snakeCase(name)
  if (harmlessNames.test(words)) return false
  return tellingWords.test(words) || tellingEnds.test(words) || tellingJoined.test(words.replaceAll('_', ''))
}
