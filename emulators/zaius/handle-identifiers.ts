import type { EmulatorAnswer } from 'waybill/testing'
import { type Call, takeItems } from './handle-data'
import { isIdentifierValue } from './validate-item'
import { isObject, type Values } from './values'

/** What a read of one identifier is about: its name in the path, its value as `?id=`. */
function identifierOf({ account, query }: Call, name: string) {
  const value = query.get('id') ?? ''
  const isKnown = account.schema.identifiers.has(name) && value !== ''
  return { value, isKnown, customer: isKnown ? account.customers.find(name, value) : undefined }
}

const notFound = ({ answers }: Call, name: string, value: string): EmulatorAnswer =>
  answers.notFound(`Unable to find identifier for ${name} = ${value}`)

/** `GET /v3/consent/{field}?id=...` */
export function showConsent(call: Call, name: string): EmulatorAnswer {
  const { value, customer } = identifierOf(call, name)
  const standing = call.account.standing.find(name, value)
  if (customer === undefined && standing === undefined) return notFound(call, name, value)
  return call.answers.json(200, {
    identifier_field_name: name,
    identifier_value: value,
    consent: standing?.consent ?? null,
    consent_update_reason: standing?.consent_update_reason ?? null,
    consent_update_ts: standing?.consent_update_ts ?? null,
    zaius_id: customer?.zaiusId,
  })
}

/** `GET /v3/reachability/{field}?id=...` */
export function showReachability(call: Call, name: string): EmulatorAnswer {
  const { value, customer } = identifierOf(call, name)
  const standing = call.account.standing.find(name, value)
  if (customer === undefined && standing === undefined) return notFound(call, name, value)
  return call.answers.json(200, {
    identifier_field_name: name,
    identifier_value: value,
    reachable: standing?.reachable ?? true,
    reachable_update_type: standing?.reachable_update_type ?? null,
    reachable_update_reason: standing?.reachable_update_reason ?? null,
    reachable_update_ts: standing?.reachable_update_ts ?? null,
    zaius_id: customer?.zaiusId,
  })
}

/** `POST /v3/identifiers`: metadata of identifiers. */
export function takeMetadata(call: Call): EmulatorAnswer {
  const { schema, metadata } = call.account
  const problemOf = (item: unknown): string | undefined => {
    if (!isObject(item) || !isIdentifierValue(item.identifier_value))
      return 'Missing required field `identifier_value`'
    if (!schema.identifiers.has(String(item.identifier_field_name)))
      return 'Missing required field `identifier_field_name`'
    return isObject(item.metadata) || Array.isArray(item.metadata)
      ? undefined
      : 'Missing required field `metadata`'
  }
  return takeItems(call, problemOf, (item) => {
    const key = `${item.identifier_field_name}\n${item.identifier_value}`
    // The specification shows a list of objects, the vendor's Node client sends one object.
    const values = Object.assign({}, ...[item.metadata].flat()) as Values
    metadata.set(key, { values: { ...metadata.get(key)?.values, ...values }, updatedAt: call.now })
  })
}

/** `GET /v3/identifiers/{field}?id=...` */
export function showMetadata(call: Call, name: string): EmulatorAnswer {
  const { value, customer } = identifierOf(call, name)
  const known = call.account.metadata.get(`${name}\n${value}`)
  if (customer === undefined && known === undefined) return notFound(call, name, value)
  return call.answers.json(200, {
    identifier_field_name: name,
    identifier_value: value,
    metadata: known?.values ?? {},
    metadata_update_ts: known === undefined ? null : Math.floor(known.updatedAt / 1000),
    zaius_id: customer?.zaiusId,
  })
}

/** `POST /v3/compliance/{law}/{what}` */
export function takeCompliance(call: Call, law: string, what: string): EmulatorAnswer {
  if (!['gdpr/delete', 'ccpa/delete', 'ccpa/optout', 'lgpd/delete'].includes(`${law}/${what}`))
    return call.answers.notFound(`POST /v3/compliance/${law}/${what} was not found`)
  const problemOf = (item: unknown): string | undefined => {
    if (!isObject(item) || !isIdentifierValue(item.requester)) return 'Missing required field `requester`'
    if (!isIdentifierValue(item.identifier_field_name))
      return 'Missing required field `identifier_field_name`'
    return isIdentifierValue(item.identifier_value) ? undefined : 'Missing required field `identifier_value`'
  }
  const ids: string[] = []
  return takeItems(
    call,
    problemOf,
    (item) =>
      void ids.push(
        call.account.comply(
          law,
          what === 'optout' ? 'optout' : 'delete',
          String(item.identifier_field_name),
          String(item.identifier_value),
        ),
      ),
    () => call.answers.json(202, { request_ids: ids }),
  )
}

/** `GET /v3/compliance/{law}/status/{id}` */
export const showCompliance = ({ account, answers }: Call, law: string, id: string): EmulatorAnswer =>
  account.compliance.some((request) => request.id === id && request.law === law)
    ? answers.json(200, 'COMPLETED')
    : answers.notFound(`Unable to find request ${id}`)

/** `POST /v3/optout`, which the vendor's PHP client calls: one of email, phone and vuid. */
export function takeOptOut(call: Call): EmulatorAnswer {
  const { account, answers, body } = call
  if (!isObject(body) || !isIdentifierValue(body.requester))
    return answers.badRequest('Missing required field `requester`')
  const name = ['email', 'phone', 'vuid'].find((field) => isIdentifierValue(body[field]))
  if (name === undefined) return answers.badRequest('One of email, phone or vuid is required')
  account.comply('ccpa', 'optout', name, String(body[name]))
  return answers.accepted()
}
