export { removeEmptyValues } from '../pipeline/payload/empty-values'
