import type { StartVendor } from './vendor'

/** The vendors of the demo by the destination's slug; each is loaded when it is started. */
export const vendors: Readonly<Record<string, StartVendor>> = {
  'zendesk-connect': () =>
    (require('./zendesk-connect') as typeof import('./zendesk-connect')).startZendeskConnect(),
  emarsys: () => (require('./emarsys') as typeof import('./emarsys')).startEmarsys(),
}
