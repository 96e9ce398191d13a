const { dirname, join } = require('node:path')

/** The compiled parts of waybill that have no public name, from wherever `waybill` itself is loaded. */
const source = dirname(require.resolve('waybill'))
const part = (path) => require(join(source, path))

const { compilePreparation } = part('pipeline/prepare')
const { compileSubscription } = part('pipeline/filter/compile-subscription')

/** Compiled fields and mapping of an action: the mapping alone, and everything up to the payload. */
const compilePayload = ({ fields, mapping }) => compilePreparation({ fields, mapping })

/** Where the command line starts. */
const commandLine = join(source, 'cli', 'main.js')

module.exports = { commandLine, compilePayload, compileSubscription, part, source }
