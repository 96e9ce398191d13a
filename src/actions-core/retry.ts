export { retry } from './internal/retry'
