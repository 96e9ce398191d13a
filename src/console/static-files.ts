import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

type File = {
  readonly type: string
  readonly bytes: Uint8Array
  readonly gzip: Uint8Array
  readonly isPage: boolean
}

/** The files of the browser application, compressed once. `undefined` where there is no such file. */
export type StaticFiles = (path: string, acceptsGzip: boolean) => Response | undefined

/** Reads the folder that the build makes; any path that is no file and no API is the page, whose router knows it. */
export function createStaticFiles(folder: string): StaticFiles {
  let files: ReadonlyMap<string, File> | undefined
  const read = (): ReadonlyMap<string, File> =>
    new Map(
      readdirSync(folder)
        .filter((name) => types[extname(name)] !== undefined)
        .map((name) => {
          const bytes = readFileSync(join(folder, name))
          const type = types[extname(name)] as string
          return [
            `/${name}`,
            { type, bytes, gzip: gzipSync(bytes, { level: 9 }), isPage: name === 'index.html' },
          ]
        }),
    )
  return (path, acceptsGzip) => {
    files ??= read()
    const file =
      files.get(path) ??
      (extname(path) === '' || !/^\/[\w-]+\.(js|css|svg)$/.test(path) ? files.get('/index.html') : undefined)
    if (file === undefined) return undefined
    const { type, bytes, gzip, isPage } = file
    return new Response((acceptsGzip ? gzip : bytes) as BodyInit, {
      headers: {
        'content-type': type,
        // Names of parts hold a hash of what is in them; the page names them and is asked for anew.
        'cache-control': isPage ? 'no-store' : 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
        ...(acceptsGzip && { 'content-encoding': 'gzip' }),
      },
    })
  }
}
