import { readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { join, sep } from 'node:path'
import { ConfigurationError } from 'waybill'

type Transform = (source: string, file: string) => string

/** What a package of an author has installed, not waybill: hence no dependency, and the part of their types that matters. */
const transformers = { swc: '@swc/core', esbuild: 'esbuild' } as const
type Transformed = { readonly code: string }
type Swc = { transformSync(source: string, options: Readonly<Record<string, unknown>>): Transformed }
type Esbuild = Swc

/** Modules of the folder that are not installed packages. */
const isOwn = (folder: string, file: string): boolean =>
  file.startsWith(`${folder}${sep}`) && !file.includes(`${sep}node_modules${sep}`)

/** What turns TypeScript into JavaScript, of what the package has installed, else of what waybill has. */
function findTransform(folder: string): Transform {
  for (const require of [createRequire(join(folder, 'package.json')), createRequire(__filename)]) {
    try {
      const { transformSync } = require(transformers.swc) as Swc
      return (source, filename) =>
        transformSync(source, {
          filename,
          swcrc: false,
          sourceMaps: 'inline',
          jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
          module: { type: 'commonjs', ignoreDynamic: true },
        }).code
    } catch {
      // Another one is tried.
    }
    try {
      const { transformSync } = require(transformers.esbuild) as Esbuild
      return (source, sourcefile) =>
        transformSync(source, {
          sourcefile,
          loader: 'ts',
          format: 'cjs',
          target: 'node20',
          sourcemap: 'inline',
        }).code
    } catch {
      // Another one is tried.
    }
  }
  throw new ConfigurationError(
    'INVALID_CONFIGURATION',
    'nothing here turns TypeScript into JavaScript: install one with npm install --save-dev @swc/core',
  )
}

type Extensions = Record<
  string,
  (module: { _compile(code: string, file: string): void }, file: string) => void
>
type Internals = { _extensions: Extensions; _cache: Record<string, unknown> }

/**
 * Loads modules of a package as they are now: what was loaded of it before is forgotten, TypeScript is turned into
 * JavaScript on the way. Installed packages stay as they were loaded.
 */
export function createFreshLoader(folder: string): (file: string) => unknown {
  const { _extensions, _cache } = Module as unknown as Internals
  let transform: Transform | undefined
  const before = _extensions['.ts']
  _extensions['.ts'] = (module, file) => {
    if (!isOwn(folder, file) && before !== undefined) {
      before(module, file)
      return
    }
    transform ??= findTransform(folder)
    module._compile(transform(readFileSync(file, 'utf8'), file), file)
  }
  const require = createRequire(join(folder, 'package.json'))
  return (file) => {
    for (const known of Object.keys(_cache)) if (isOwn(folder, known)) delete _cache[known]
    return require(file)
  }
}
