/** What the tester keeps in the address: in the fragment, compressed, so that it reaches no log. */
export type TesterState = { readonly event?: string; readonly filter?: string; readonly mapping?: string }

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = new Response(
    new Blob([bytes])
      .stream()
      .pipeThrough(stream as ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource>),
  )
  return new Uint8Array(await response.arrayBuffer())
}

/** To a text that can stand in an address. */
export async function pack(state: TesterState): Promise<string> {
  const bytes = await through(
    new TextEncoder().encode(JSON.stringify(state)),
    new CompressionStream('deflate-raw'),
  )
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Back; undefined where it is none. */
export async function unpack(text: string): Promise<TesterState | undefined> {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return JSON.parse(
      new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw'))),
    ) as TesterState
  } catch {
    return undefined
  }
}
