import type { StartVendor } from './vendor'

/**
 * The vendors of the demo, by the slug of their destination: the file of that name in this folder exports
 * `startVendor`, and is loaded when the vendor is started.
 */
export const vendorSlugs = ['zaius', 'emarsys', 'zendesk-connect'] as const

/** How to start the vendor of a slug. */
export const loadVendor = (slug: string): StartVendor =>
  (require(`./${slug}`) as { startVendor: StartVendor }).startVendor
