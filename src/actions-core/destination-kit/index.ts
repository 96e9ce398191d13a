export type * from '@segment/actions-core/destination-kit'
export { Destination } from '../internal/destination-kit/destination'
export { hookTypeStrings } from './action'
export { fieldsToJsonSchema } from './fields-to-jsonschema'
