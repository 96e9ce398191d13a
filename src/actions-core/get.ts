export { get } from './internal/get'
