import { defineDestination } from 'waybill'
import { consent } from './actions/consent'
import { emailEvent } from './actions/email-event'
import { listSubscription } from './actions/list-subscription'
import { orderEvent } from './actions/order-event'
import { orderSummary } from './actions/order-summary'
import { pageView } from './actions/page-view'
import { productEvent } from './actions/product-event'
import { productListings } from './actions/product-listings'
import { reachability } from './actions/reachability'
import { trackEvent } from './actions/track-event'
import { upsertCustomer } from './actions/upsert-customer'
import { upsertProducts } from './actions/upsert-products'
import { classify } from './answers'
import { keyHeader } from './api'
import { deletePerson } from './delete-person'
import { presets } from './presets'
import { settings } from './settings'
import { testAuthentication } from './test-authentication'

/**
 * Zaius, today the Optimizely Data Platform (ODP): a customer data platform for commerce. As in Segment's catalog,
 * identify, track and page are supported; screen, group and alias are not.
 */
export const zaius = defineDestination({
  name: 'Zaius',
  slug: 'zaius',
  description: 'Send customers and events to Zaius, the Optimizely Data Platform.',
  settings,
  authentication: {
    scheme: 'custom',
    testAuthentication: (request, { settings }) => testAuthentication(request, settings),
  },
  // Redirects are not followed, since the key would travel along.
  extendRequest: ({ settings }) => ({ headers: keyHeader(settings), redirect: 'manual' }),
  // Documented for customers and lists; events and objects have no limit.
  limits: {
    actions: { upsertCustomer: { requestsPerSecond: 10 }, listSubscription: { requestsPerSecond: 10 } },
  },
  classify,
  onDelete: (request, { payload, settings }) => deletePerson(request, settings, String(payload.userId)),
  presets,
  actions: {
    upsertCustomer,
    pageView,
    productEvent,
    orderEvent,
    emailEvent,
    trackEvent,
    productListings,
    orderSummary,
    listSubscription,
    consent,
    reachability,
    upsertProducts,
  },
})
