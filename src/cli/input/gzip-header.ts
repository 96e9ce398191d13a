/** Where a gzip member begins. */
export const gzipMagic = [0x1f, 0x8b] as const

const deflate = 8
const fixedBytes = 10
const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const

/** `length`: bytes before the packed data. `incomplete`: more bytes are needed to tell. `wrong`: no member begins here. */
export type GzipHeader = { readonly length: number } | 'incomplete' | 'wrong'

/** Reads the header of a gzip member (RFC 1952, 2.3) at the beginning of these bytes. */
export function readGzipHeader(bytes: Buffer): GzipHeader {
  const begin = [...gzipMagic, deflate]
  if (begin.some((byte, index) => index < bytes.length && bytes[index] !== byte)) return 'wrong'
  if (bytes.length < fixedBytes) return 'incomplete'
  const flag = bytes[3] as number
  if ((flag & 0xe0) !== 0) return 'wrong'
  let at = fixedBytes
  if (flag & flags.extra) {
    if (bytes.length < at + 2) return 'incomplete'
    at += 2 + bytes.readUInt16LE(at)
  }
  for (const part of [flags.name, flags.comment])
    if (flag & part) {
      const end = at > bytes.length ? -1 : bytes.indexOf(0, at)
      if (end === -1) return 'incomplete'
      at = end + 1
    }
  if (flag & flags.headerChecksum) at += 2
  return at > bytes.length ? 'incomplete' : { length: at }
}
