import type { CodeWriter } from './code-writer'

/**
 * An expression that makes an object of properties in this order; those that are undefined are left out. It is made by a
 * constructor whose objects are plain ones: from the assignments in it the engine knows how much room an object needs,
 * where `{}` would be moved again and again as it grows.
 */
export function objectOf(
  members: readonly (readonly [key: string, value: string])[],
  writer: CodeWriter,
): string {
  const name = writer.name()
  const parameters = members.map((_, index) => `m${index}`)
  const assignments = members.map(
    ([key], index) => `if (m${index} !== undefined) this[${JSON.stringify(key)}] = m${index};`,
  )
  writer.define(`function ${name}(${parameters.join(', ')}) {\n${assignments.join('\n')}\n}`)
  writer.define(`${name}.prototype = ${writer.constant(Object.prototype)};`)
  // The first objects decide about the room; they should have all properties.
  writer.define(`new ${name}(${parameters.map(() => '""').join(', ')});`)
  return `new ${name}(${members.map(([, value]) => value).join(', ')})`
}
