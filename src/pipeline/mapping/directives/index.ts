import type { ParseDirective } from '../scope'
import { parseIf } from './choice'
import { parseArrayPath, parsePath } from './paths'
import {
  parseExcludeWhenNull,
  parseFlatten,
  parseJson,
  parseLiteral,
  parseMerge,
  parseTransform,
} from './structure'
import { parseTemplate } from './template'
import { parseCase, parseLiquid, parseReplace } from './text'

/** All directives of the mapping language. */
export const directiveParsers: Readonly<Record<string, ParseDirective>> = {
  '@path': parsePath,
  '@template': parseTemplate,
  '@if': parseIf,
  '@case': parseCase,
  '@replace': parseReplace,
  '@arrayPath': parseArrayPath,
  '@literal': parseLiteral,
  '@json': parseJson,
  '@flatten': parseFlatten,
  '@merge': parseMerge,
  '@transform': parseTransform,
  '@excludeWhenNull': parseExcludeWhenNull,
  '@liquid': parseLiquid,
}
