/** The version of this package. */
export const packageVersion = (): string => (require('waybill/package.json') as { version: string }).version
