import type { RequestClient } from 'waybill'
import { post } from './api'
import type { ZaiusSettings } from './settings'

/**
 * `POST /v3/compliance/gdpr/delete`: ODP redacts the customer and takes no new data under the identifiers for 30 days.
 * It wants to know who asked, so nothing is sent as long as the settings name nobody.
 */
export function deletePerson(request: RequestClient, settings: ZaiusSettings, userId: string) {
  const requester = settings.complianceRequester?.trim()
  if (!requester) return undefined
  return post(request, settings, '/compliance/gdpr/delete', [
    {
      requester,
      identifier_field_name: settings.userIdField || 'segment_user_id',
      identifier_value: userId,
    },
  ])
}
