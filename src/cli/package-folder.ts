import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of this package, wherever it is installed and whether it runs built or from its sources. */
export const packageFolder = (): string => dirname(require.resolve('waybill/package.json'))

/** The version of this package. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string }).version
