import type { CodeWriter } from './code-writer'
import { isPlainObject } from './scope'

/** Leaves a function whose plain reads could find inherited properties: foreign objects, polluted prototypes. */
export function writeGuard(writer: CodeWriter, leave: string, compatibility: boolean): void {
  if (!compatibility) writer.line(`for (const inherited in []) ${leave}`)
  writer.line(`if (!(${isPlainObject('event', writer)})) ${leave}`)
}
