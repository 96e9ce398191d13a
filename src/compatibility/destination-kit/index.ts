export type * from '@segment/actions-core/destination-kit'
export { hookTypeStrings } from './action'
export { Destination } from './destination'
export { fieldsToJsonSchema } from './fields-to-jsonschema'
