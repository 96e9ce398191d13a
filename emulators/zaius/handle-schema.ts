import type { EmulatorAnswer } from 'waybill/testing'
import type { Call } from './handle-data'
import type { FieldType, SchemaObject } from './schema'
import { isObject } from './values'

const fieldTypes = ['string', 'number', 'timestamp', 'boolean']
/** The vendor's rule for names of identifiers. */
const identifierName = /^[a-z][a-z0-9_]*_(id|hash|number|token|alias|address|key)$/

/** `GET /v3/schema/objects/{object}/fields` */
export function showFields({ account, answers }: Call, object: string): EmulatorAnswer {
  const fields = account.schema.fields(object)
  return fields === undefined
    ? answers.notFound(`Unable to find object ${object}`)
    : answers.json(200, [...fields.values()])
}

/** `POST /v3/schema/objects/{object}/fields` */
export function createField({ account, answers, body }: Call, object: string): EmulatorAnswer {
  const fields = account.schema.fields(object)
  if (fields === undefined) return answers.notFound(`Unable to find object ${object}`)
  const { name, type } = isObject(body) ? body : {}
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]*$/.test(name))
    return answers.invalid([{ field: 'name', reason: 'must be lower snake case and begin with a letter' }])
  if (!fieldTypes.includes(String(type)))
    return answers.invalid([{ field: 'type', reason: `must be one of ${fieldTypes.join(', ')}` }])
  if (fields.has(name)) return answers.invalid([{ field: 'name', reason: 'already used by another object' }])
  return answers.json(200, account.schema.addField(object as SchemaObject, name, type as FieldType))
}

/** `POST /v3/schema/identifiers` */
export function createIdentifier({ account, answers, body }: Call): EmulatorAnswer {
  const { name, merge_confidence } = isObject(body) ? body : {}
  if (typeof name !== 'string' || !identifierName.test(name))
    return answers.invalid([
      { field: 'name', reason: 'must end with _id, _hash, _number, _token, _alias, _address or _key' },
    ])
  if (merge_confidence !== 'high' && merge_confidence !== 'low')
    return answers.invalid([{ field: 'merge_confidence', reason: 'must be high or low' }])
  if (account.schema.identifiers.has(name))
    return answers.invalid([{ field: 'name', reason: 'already used by another object' }])
  account.schema.addIdentifier(name, merge_confidence)
  return answers.json(201, { name, merge_confidence })
}
