export { isDirective } from '../../pipeline/mapping/scope'
