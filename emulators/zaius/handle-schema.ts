import type { EmulatorAnswer } from 'waybill/testing'
import type { InvalidField } from './answers'
import type { Call } from './handle-data'
import type { Field, FieldType, ObjectSchema, Relation } from './schema'
import { isObject, type Values } from './values'

const fieldTypes = ['string', 'number', 'timestamp', 'boolean', 'vector']
const fieldName = /^[a-z][a-z0-9_]*$/
/** The vendor's rule for names of identifiers. */
const identifierName = /^[a-z][a-z0-9_]*_(id|hash|number|token|alias|address|key)$/
const taken = 'already used by another object'

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** A description may be text or, in the specification, a list of texts. */
const described = ({ description }: Values) =>
  description === undefined || description === '' ? {} : { description: String(description) }

/** `GET /v3/schema/objects/{object}/fields` */
export function showFields({ account, answers }: Call, object: string): EmulatorAnswer {
  const fields = account.schema.fields(object)
  return fields === undefined
    ? answers.notFound(`Unable to find object ${object}`)
    : answers.json(200, [...fields.values()])
}

/** `GET /v3/schema/objects/{object}/fields/{field}` */
export function showField({ account, answers }: Call, object: string, name: string): EmulatorAnswer {
  const field = account.schema.fields(object)?.get(name)
  return field === undefined
    ? answers.notFound(`Unable to find field ${name} of ${object}`)
    : answers.json(200, field)
}

/** What is wrong with a field that somebody wants to make. */
function fieldProblems(given: unknown, fields: ReadonlyMap<string, Field>): InvalidField[] {
  const { name, type, display_name } = isObject(given) ? given : {}
  const problems: InvalidField[] = []
  if (typeof name !== 'string' || !fieldName.test(name))
    problems.push({ field: 'name', reason: 'must be lower snake case and begin with a letter' })
  else if (fields.has(name)) problems.push({ field: 'name', reason: taken })
  if (!fieldTypes.includes(String(type)))
    problems.push({ field: 'type', reason: `must be one of ${fieldTypes.join(', ')}` })
  // The specification asks for one; without it, the emulator makes one of the name.
  if (display_name !== undefined && !isText(display_name))
    problems.push({ field: 'display_name', reason: 'is required' })
  else if ([...fields.values()].some((field) => field.display_name === display_name))
    problems.push({ field: 'display_name', reason: taken })
  return problems
}

/** `POST /v3/schema/objects/{object}/fields` */
export function createField({ account, answers, body }: Call, object: string): EmulatorAnswer {
  const fields = account.schema.fields(object)
  if (fields === undefined) return answers.notFound(`Unable to find object ${object}`)
  const problems = fieldProblems(body, fields)
  if (problems.length > 0) return answers.invalid(problems)
  const given = body as Values
  const { name, type, display_name } = given as { name: string; type: FieldType; display_name?: string }
  const words = { ...(display_name !== undefined && { display_name }), ...described(given) }
  return answers.json(200, account.schema.addField(object, name, type, words))
}

/** `GET /v3/schema/objects` */
export const showObjects = ({ account, answers }: Call): EmulatorAnswer =>
  answers.json(200, account.schema.objects())

/** `GET /v3/schema/objects/{object}` */
export function showObject({ account, answers }: Call, name: string): EmulatorAnswer {
  const object = account.schema.objects().find((candidate) => candidate.name === name)
  return object === undefined ? answers.notFound(`Unable to find object ${name}`) : answers.json(200, object)
}

/** `POST /v3/schema/objects` */
export function createObject({ account, answers, body }: Call): EmulatorAnswer {
  const { name, display_name, alias, fields, relations = [] } = isObject(body) ? body : {}
  const known = account.schema.objects()
  const problems: InvalidField[] = []
  if (typeof name !== 'string' || !fieldName.test(name))
    problems.push({ field: 'name', reason: 'must be lower snake case and begin with a letter' })
  else if (known.some((object) => object.name === name)) problems.push({ field: 'name', reason: taken })
  if (!isText(display_name)) problems.push({ field: 'display_name', reason: 'is required' })
  else if (known.some((object) => object.display_name === display_name))
    problems.push({ field: 'display_name', reason: taken })
  if (isText(alias) && known.some((object) => object.alias === alias))
    problems.push({ field: 'alias', reason: taken })
  const list = Array.isArray(fields) ? fields : []
  if (!list.some((field) => isObject(field) && field.primary === true))
    problems.push({ field: 'fields', reason: 'at least one primary key field required' })
  for (const [index, field] of list.entries())
    for (const problem of fieldProblems(field, new Map()))
      problems.push({ ...problem, field: `fields[${index}].${problem.field}` })
  const related = Array.isArray(relations) ? (relations as Relation[]) : []
  for (const [index, relation] of related.entries())
    if (account.schema.fields(relation.child_object) === undefined)
      problems.push({ field: `relations[${index}].child_object`, reason: 'does not exist' })
  if (problems.length > 0) return answers.invalid(problems)
  return answers.json(200, account.schema.addObject(body as ObjectSchema))
}

/** `GET /v3/schema/objects/{object}/relations` */
export function showRelations({ account, answers }: Call, object: string): EmulatorAnswer {
  const relations = account.schema.relations(object)
  return relations === undefined
    ? answers.notFound(`Unable to find object ${object}`)
    : answers.json(200, relations)
}

/** `GET /v3/schema/objects/{object}/relations/{relation}` */
export function showRelation({ account, answers }: Call, object: string, name: string): EmulatorAnswer {
  const relation = account.schema.relations(object)?.find((candidate) => candidate.name === name)
  return relation === undefined
    ? answers.notFound(`Unable to find relation ${name} of ${object}`)
    : answers.json(200, relation)
}

/** `POST /v3/schema/objects/{object}/relations` */
export function createRelation({ account, answers, body }: Call, object: string): EmulatorAnswer {
  const relations = account.schema.relations(object)
  if (relations === undefined) return answers.notFound(`Unable to find object ${object}`)
  const { name, display_name, child_object, join_fields } = isObject(body) ? body : {}
  const problems: InvalidField[] = []
  if (!isText(name) || !fieldName.test(name))
    problems.push({ field: 'name', reason: 'must be lower snake case and begin with a letter' })
  else if (relations.some((relation) => relation.name === name) || account.schema.fields(object)?.has(name))
    problems.push({ field: 'name', reason: taken })
  if (!isText(display_name)) problems.push({ field: 'display_name', reason: 'is required' })
  if (!isText(child_object) || account.schema.fields(child_object) === undefined)
    problems.push({ field: 'child_object', reason: 'does not exist' })
  if (!Array.isArray(join_fields) || join_fields.length === 0)
    problems.push({ field: 'join_fields', reason: 'is required' })
  if (problems.length > 0) return answers.invalid(problems)
  const relation = body as Relation
  account.schema.addRelation(object, relation)
  return answers.json(200, relation)
}

/** `POST /v3/schema/identifiers` */
export function createIdentifier({ account, answers, body }: Call): EmulatorAnswer {
  const { name, merge_confidence, display_name } = isObject(body) ? body : {}
  const invalid = (field: string, reason: string) => answers.invalid([{ field, reason }])
  if (typeof name !== 'string' || !identifierName.test(name))
    return invalid('name', 'must end with _id, _hash, _number, _token, _alias, _address or _key')
  if (merge_confidence !== 'high' && merge_confidence !== 'low')
    return invalid('merge_confidence', 'must be high or low')
  // The vendor's Node client looks for this field and this reason.
  if (account.schema.identifiers.has(name)) return invalid('customers.name', taken)
  account.schema.addIdentifier(name, merge_confidence)
  const title = isText(display_name) ? display_name : name
  return answers.json(201, {
    events: [{ name: `event_${name}`, display_name: `Event ${title}`, type: 'identifier' }],
    customers: [{ name, display_name: `Last Seen ${title}`, type: 'identifier' }],
  })
}

/** `GET /v3/schema/modules` */
export const showModules = ({ account, answers }: Call): EmulatorAnswer =>
  answers.json(200, { enabled_modules: [...account.modules] })

/** `POST /v3/schema/modules` */
export function enableModule({ account, answers, body }: Call): EmulatorAnswer {
  const { module } = isObject(body) ? body : {}
  if (!isText(module)) return answers.invalid([{ field: 'module', reason: 'is required' }])
  if (account.modules.has(module)) return answers.invalid([{ field: 'module', reason: 'already enabled' }])
  account.modules.add(module)
  return answers.json(200, { enabled_modules: [...account.modules] })
}
