const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
const escapedFor = (text: string): string => JSON.stringify(text).slice(1, -1)
const percent = (text: string): string =>
  [...utf8(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const html = (text: string): string => text.replace(/[&<>"']/g, (character) => named[character] as string)
const units = (text: string): string[] => text.split('')

/** The spellings in which vendors repeat a secret, by what is done to it. */
export const spellings = (secret: string): Record<string, string> => ({
  'as it is': secret,
  'in JSON': escapedFor(secret),
  'in JSON with escaped slashes': escapedFor(secret).replaceAll('/', '\\/'),
  'in JSON within JSON': escapedFor(escapedFor(secret)),
  'in JSON, every character escaped': units(secret)
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join(''),
  'URL-encoded': encodeURIComponent(secret),
  'URL-encoded with small digits': encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  'URL-encoded twice': encodeURIComponent(encodeURIComponent(secret)),
  'URL-encoded, every character': percent(secret),
  'as a form': new URLSearchParams([['', secret]]).toString().slice(1),
  'in HTML': html(secret),
  'in HTML, twice': html(html(secret)),
  'in HTML, decimal': Array.from(secret, (character) => `&#${character.codePointAt(0)};`).join(''),
  'in HTML, hexadecimal': Array.from(
    secret,
    (character) => `&#x${(character.codePointAt(0) as number).toString(16)};`,
  ).join(''),
  'in HTML within JSON': escapedFor(html(secret)),
  'in capitals': secret.toUpperCase(),
  'in small letters': secret.toLowerCase(),
  'in base64': utf8(secret).toString('base64'),
  'in base64url': utf8(secret).toString('base64url'),
  'in base64 within a URL': encodeURIComponent(utf8(secret).toString('base64')),
  'in base64, twice': utf8(utf8(secret).toString('base64')).toString('base64'),
  'in base64 of Latin-1': Buffer.from(secret, 'latin1').toString('base64'),
  'in base64 after a user': utf8(`user:${secret}`).toString('base64'),
  'in hexadecimal digits': utf8(secret).toString('hex'),
  'in hexadecimal capitals': utf8(secret).toString('hex').toUpperCase(),
  'in hexadecimal, apart': utf8(secret)
    .toString('hex')
    .replace(/..(?=.)/g, '$&:'),
  'read in the wrong encoding': utf8(secret).toString('latin1'),
})
