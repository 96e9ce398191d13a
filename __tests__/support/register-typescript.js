/** Lets a process of its own run the TypeScript sources: `node --conditions=waybill-source -r <this file>`. */
const { readFileSync } = require('node:fs')
const Module = require('node:module')
const { transformSync } = require('@swc/core')

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    // `import()` stays what it is, so that ES modules can be loaded.
    module: { type: 'commonjs', ignoreDynamic: true },
  })
  module._compile(code, filename)
}
