import {
  classifyPartnerAnswer,
  createMultiStatus,
  defineAction,
  defineDestination,
  defineSettings,
  partnerEndpointSettings,
  path,
  postDeletion,
  postMessage,
  postMessages,
} from 'waybill'

const settings = defineSettings({
  apiKey: { label: 'Token', description: 'The token.', type: 'string', required: true },
  region: { label: 'Region', description: 'A setting of the partner.', type: 'string' },
  ...partnerEndpointSettings,
})

type Settings = { apiKey: string; endpoint: string; timeoutMs?: number; region?: string }

const accountOf = ({ region, ...settings }: Settings) => ({
  ...settings,
  ...(region === undefined ? {} : { customSettings: { region } }),
})

const forward = defineAction({
  settings,
  title: 'Forward',
  description: 'Forwards.',
  fields: {
    message: {
      label: 'Message',
      description: 'The event.',
      type: 'object',
      required: true,
      default: path('$.'),
    },
    enable_batching: { label: 'Batch', description: 'Batch.', type: 'boolean', default: false },
  },
  perform: (request, { payload, settings }) => postMessage(request, accountOf(settings), payload.message),
  performBatch: (request, input) =>
    postMessages(
      request,
      accountOf(input.settings),
      input.payload.map(({ message }) => message),
      createMultiStatus(input),
    ),
})

/** A destination of a partner that is not in the catalog: the wire alone, and a setting of the partner's own. */
export const partner = defineDestination({
  name: 'Partner',
  slug: 'partner',
  settings,
  authentication: { scheme: 'custom' },
  idempotent: true,
  classify: classifyPartnerAnswer,
  onDelete: (request, { payload, settings }) => postDeletion(request, accountOf(settings), payload.userId),
  presets: [
    { name: 'Everything', type: 'automatic', partnerAction: 'forward', subscribe: 'type != "delete"' },
  ],
  actions: { forward },
})
