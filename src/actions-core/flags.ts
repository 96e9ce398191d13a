export { FLAGS } from '../contract/flags'
