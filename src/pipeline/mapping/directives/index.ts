import type { MappingContext, Resolve } from '../compile-mapping'
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

/** Compiles the value of one directive. */
export type CompileDirective = (options: unknown, path: string, context: MappingContext) => Resolve

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
