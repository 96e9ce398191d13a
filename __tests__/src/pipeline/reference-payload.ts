import { fieldsToJsonSchema, transform } from '@segment/actions-core'

type ReferenceParts = {
  transformBatch(mapping: unknown, events: unknown[]): unknown[]
  validateSchema(payload: unknown, schema: unknown, options: object): boolean
  removeEmptyValues(value: unknown, schema: unknown, isRoot: boolean): unknown
}

let parts: ReferenceParts | undefined
let compiled = 0

/** The reference keeps every schema for ever: a long run starts it afresh from time to time. */
function referenceParts(): ReferenceParts {
  if (parts === undefined || compiled % 500 === 0)
    jest.isolateModules(() => {
      const folder = `${__dirname}/../../../node_modules/@segment/actions-core/dist/cjs`
      parts = {
        ...require(`${folder}/mapping-kit/index.js`),
        ...require(`${folder}/schema-validation.js`),
        ...require(`${folder}/remove-empty-values.js`),
      }
    })
  return parts as ReferenceParts
}

export type ReferencePrepare = (event: unknown) => unknown

/** What the reference does between an event and `perform`, alone or as an item of a batch. */
export function referencePrepare(fields: object, mapping: object, inBatch = false): ReferencePrepare {
  compiled += 1
  const { validateSchema, removeEmptyValues } = referenceParts()
  const schema = fieldsToJsonSchema(fields as never)
  const schemaKey = `schema${compiled}`
  return (event) => {
    const copy = structuredClone(mapping) as never
    const mapped = inBatch
      ? referenceParts().transformBatch(copy, [event])[0]
      : transform(copy, event as never)
    const payload = removeEmptyValues(mapped, schema, !inBatch)
    validateSchema(payload, schema, { schemaKey, throwIfInvalid: true, exempt: ['dynamicAuthSettings'] })
    return payload
  }
}
