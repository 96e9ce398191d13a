import type { CompileDirective } from '../context'
import { compileIf } from './choice'
import { compileArrayPath, compilePath } from './paths'
import {
  compileExcludeWhenNull,
  compileFlatten,
  compileJson,
  compileLiteral,
  compileMerge,
  compileTransform,
} from './structure'
import { compileCase, compileLiquid, compileReplace, compileTemplate } from './text'

/** All directives of the mapping language. */
export const directiveCompilers: Readonly<Record<string, CompileDirective>> = {
  '@path': compilePath,
  '@template': compileTemplate,
  '@if': compileIf,
  '@case': compileCase,
  '@replace': compileReplace,
  '@arrayPath': compileArrayPath,
  '@literal': compileLiteral,
  '@json': compileJson,
  '@flatten': compileFlatten,
  '@merge': compileMerge,
  '@transform': compileTransform,
  '@excludeWhenNull': compileExcludeWhenNull,
  '@liquid': compileLiquid,
}
