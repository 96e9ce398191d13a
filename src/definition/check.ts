import { DefinitionError, type Problem } from '../errors'
import { nestsDeeperThan } from '../nesting'

const fieldTypes = new Set([
  'string',
  'text',
  'number',
  'integer',
  'datetime',
  'boolean',
  'password',
  'object',
])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Report = (path: string, problem: string) => void

/**
 * Throws a `DefinitionError` (INVALID_DEFINITION) that lists everything because of which a destination could not
 * run: parts of the wrong type, fields of an unknown type. Members that only matter to a user interface are not looked
 * at.
 */
export function checkDefinition(definition: unknown): void {
  const problems: Problem[] = []
  const report: Report = (path, message) => problems.push({ path, code: 'INVALID_DEFINITION', message })
  if (isObject(definition)) checkDestination(definition, report)
  else report('', `a destination definition is an object, got ${describe(definition)}`)
  if (problems.length === 0) return
  const name = isObject(definition) && typeof definition.name === 'string' ? ` "${definition.name}"` : ''
  throw new DefinitionError(
    'INVALID_DEFINITION',
    `the destination${name} cannot be used:\n${problems.map(({ path, message }) => `  - ${path && `${path}: `}${message}`).join('\n')}`,
    { problems },
  )
}

function checkDestination(definition: Record<string, unknown>, report: Report): void {
  if (typeof definition.name !== 'string' || definition.name === '')
    report('name', 'give the destination a name')
  checkFunctions(definition, ['extendRequest', 'onDelete', 'classify'], '', report)
  if (isObject(definition.authentication))
    checkFields(definition.authentication.fields, 'authentication.fields', report)
  if (!isObject(definition.actions)) {
    report('actions', `an object of actions by slug, got ${describe(definition.actions)}`)
    return
  }
  for (const [slug, action] of Object.entries(definition.actions)) {
    if (isObject(action)) checkAction(action, `actions.${slug}`, report)
    else report(`actions.${slug}`, `an action is an object, got ${describe(action)}`)
  }
  checkPresets(definition.presets, report)
  checkLimits(definition.limits, definition.actions, report)
  checkOrigins(definition.redirectOrigins, report)
}

function checkAction(action: Record<string, unknown>, path: string, report: Report): void {
  const isAsync = typeof action.performPoll === 'function'
  if (isAsync && typeof action.performBatch !== 'function')
    report(`${path}.performBatch`, `a function that submits the job, got ${describe(action.performBatch)}`)
  if (typeof action.perform !== 'function' && !(isAsync && action.perform === undefined))
    report(`${path}.perform`, `a function (request, input), got ${describe(action.perform)}`)
  checkFunctions(action, ['performBatch', 'performPoll'], path, report)
  checkFields(action.fields, `${path}.fields`, report)
}

/** Deepest nesting of lists and objects in fields, in levels. */
const maxLevels = 500

function checkFields(fields: unknown, path: string, report: Report): void {
  if (nestsDeeperThan(fields, maxLevels)) report(path, `fields nest at most ${maxLevels} levels deep`)
  else checkEachField(fields, path, report)
}

function checkEachField(fields: unknown, path: string, report: Report): void {
  if (fields === undefined) return
  if (!isObject(fields)) {
    report(path, `an object of fields by key, got ${describe(fields)}`)
    return
  }
  for (const [key, field] of Object.entries(fields)) {
    const fieldPath = `${path}.${key}`
    if (!isObject(field)) {
      report(fieldPath, `a field is an object, got ${describe(field)}`)
      continue
    }
    if (!fieldTypes.has(field.type as string))
      report(`${fieldPath}.type`, `one of ${[...fieldTypes].join(', ')}, got ${describe(field.type)}`)
    checkEachField(field.properties, `${fieldPath}.properties`, report)
  }
}

function checkPresets(presets: unknown, report: Report): void {
  if (presets === undefined) return
  if (!Array.isArray(presets)) {
    report('presets', `a list, got ${describe(presets)}`)
    return
  }
  presets.forEach((preset, index) => {
    const action = isObject(preset) ? preset.partnerAction : undefined
    // A preset may name an action that lives elsewhere, such as in a browser plugin: it is left out when it is opened.
    if (typeof action !== 'string')
      report(`presets[${index}].partnerAction`, `the slug of an action, got ${describe(action)}`)
  })
}

function checkLimits(limits: unknown, actions: Record<string, unknown>, report: Report): void {
  const limited = isObject(limits) && isObject(limits.actions) ? Object.keys(limits.actions) : []
  for (const slug of limited)
    if (!Object.hasOwn(actions, slug))
      report(`limits.actions.${slug}`, `not an action; there are ${Object.keys(actions).join(', ')}`)
}

function checkOrigins(origins: unknown, report: Report): void {
  if (origins === undefined || origins === true) return
  if (!Array.isArray(origins)) {
    report('redirectOrigins', `true, or a list of origins, got ${describe(origins)}`)
    return
  }
  origins.forEach((origin: unknown, index) => {
    if (typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin)
      report(
        `redirectOrigins[${index}]`,
        `an origin such as "https://api.acme.com", without a path, got ${describe(origin)}`,
      )
  })
}

function checkFunctions(
  owner: Record<string, unknown>,
  names: readonly string[],
  path: string,
  report: Report,
): void {
  for (const name of names)
    if (owner[name] !== undefined && typeof owner[name] !== 'function')
      report(path ? `${path}.${name}` : name, `a function, got ${describe(owner[name])}`)
}

const describe = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'string' ? JSON.stringify(value) : `a value of type ${typeof value}`
}
