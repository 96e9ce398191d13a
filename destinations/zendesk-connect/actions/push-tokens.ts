import { defineAction, defineFields, PayloadValidationError, path } from 'waybill'
import { connectCall } from '../api'
import { identityFields, messageFields } from '../fields'
import { type DeviceContext, pushToken } from '../push-token'
import { settings } from '../settings'
import { requireId } from '../user'

const tokenFields = defineFields({
  ...identityFields,
  context: {
    label: 'Context',
    description: 'Where the device and its push token are read from.',
    type: 'object',
    default: path('$.context'),
  },
  ...messageFields,
})

/** `apns` for iOS; Android has two names, of which the settings choose one. */
function tokenOf(context: object | undefined, androidTokenKey: 'fcm' | 'gcm' = 'fcm') {
  const found = pushToken(context as DeviceContext | undefined)
  if (found === undefined) throw new PayloadValidationError('The event has no device token.')
  if ('reason' in found) throw new PayloadValidationError(`The device token cannot be used: ${found.reason}.`)
  return { token: found.token, platform: found.platform === 'ios' ? 'apns' : androidTokenKey }
}

/** `POST /v2/{platform}/register`: makes a push token active. */
export const registerToken = defineAction({
  settings,
  title: 'Register Push Token',
  description: 'Make the push token of a device active.',
  defaultSubscription: 'type = "track" and event = "Application Opened"',
  fields: tokenFields,
  perform: (request, { payload, settings, idempotencyKey }) => {
    const { token, platform } = tokenOf(payload.context, settings.androidTokenKey)
    const callPath = `/v2/${platform}/register`
    return connectCall(
      request,
      callPath,
      { user_id: requireId(payload), token },
      { settings, payload, idempotencyKey },
      callPath,
    )
  },
})

/** `POST /v2/{platform}/disable`: stops pushes to one token, or to all of a platform. */
export const disableToken = defineAction({
  settings,
  title: 'Disable Push Token',
  description: 'Stop pushes to the device of the event, or to all devices of the user on a platform.',
  defaultSubscription: 'type = "track" and event = "Application Uninstalled"',
  fields: {
    ...tokenFields,
    all_of_platform: {
      label: 'All devices of a platform',
      description: 'Leave it empty to disable the device of the event alone.',
      type: 'string',
      choices: [
        { value: 'ios', label: 'iOS' },
        { value: 'android', label: 'Android' },
      ],
    },
  },
  perform: (request, { payload, settings, idempotencyKey }) => {
    const all = payload.all_of_platform
    const { platform, ...what } =
      all === undefined
        ? tokenOf(payload.context, settings.androidTokenKey)
        : { platform: all === 'ios' ? 'apns' : (settings.androidTokenKey ?? 'fcm'), all: true }
    const callPath = `/v2/${platform}/disable`
    return connectCall(
      request,
      callPath,
      { user_id: requireId(payload), ...what },
      { settings, payload, idempotencyKey },
      callPath,
    )
  },
})
