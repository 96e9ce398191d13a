import { checkChoice } from './check-choice'
import { checkMembers } from './check-members'
import { type CustomField, emailFieldId, fieldIdOf } from './contact-fields'
import {
  type CompiledDataMap,
  compileDataMap,
  type DataMap,
  type EmptyValues,
  emptyPolicies,
} from './data-map'
import { memberPath, type ReadMember } from './member-path'
import { type CompiledRule, compileRule, type Rule } from './rule'

/** What the configuration page of the add-on holds. */
export type AddOnConfiguration = {
  /** The member of the message that is the primary key; of several, the first that has a value. Default `traits -> email`. */
  readonly primaryKeyPath?: string | readonly string[]
  /** The contact field that holds the primary key. Default 3, the e-mail address. */
  readonly keyFieldId?: number
  /** Fields of the account beyond the system fields. */
  readonly fields?: readonly CustomField[]
  /** The programs that rules may start. */
  readonly programs?: readonly { readonly id: string; readonly name?: string }[]
  readonly dataMaps?: readonly DataMap[]
  readonly rules?: readonly Rule[]
  /** What null and empty text do to a field. Default `skip`. */
  readonly emptyValues?: EmptyValues
  /** When a contact comes into being: with the first mapped value (default), or as soon as its key is known. */
  readonly createContacts?: (typeof contactPolicies)[number]
}

const contactPolicies = ['onMappedValue', 'onPrimaryKey'] as const
const lists = ['fields', 'programs', 'dataMaps', 'rules'] as const

/** A configuration with everything compiled. */
export type CompiledConfiguration = {
  readonly source: AddOnConfiguration
  readonly primaryKey: readonly ReadMember[]
  readonly keyFieldId: number
  /** E-mail addresses are compared without regard to letter case. */
  readonly isKeyCaseSensitive: boolean
  readonly dataMaps: readonly CompiledDataMap[]
  readonly rules: readonly CompiledRule[]
  readonly emptyValues: EmptyValues
  readonly createsOnKey: boolean
}

/** The configuration page refuses: `problems` say what and where. */
export class RefusedConfiguration extends RangeError {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'RefusedConfiguration'
    this.problems = problems
  }
}

/**
 * Checks and compiles a configuration.
 * @throws RefusedConfiguration with everything that is wrong: unknown fields, programs, paths, contradicting windows.
 */
export function compileConfiguration(source: AddOnConfiguration): CompiledConfiguration {
  const problems: string[] = []
  const attempt = <T>(where: string, make: () => T): T[] => {
    try {
      return [make()]
    } catch (error) {
      // A TypeError comes of a part that is missing or of another type.
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error
      problems.push(`${where}: ${error instanceof RangeError ? error.message : 'is not well formed'}`)
      return []
    }
  }
  attempt('configuration', () => checkShape(source))
  if (problems.length > 0) throw new RefusedConfiguration(problems)
  const { fields = [], dataMaps = [], rules = [] } = source
  const keyFieldId = source.keyFieldId ?? emailFieldId
  attempt('keyFieldId', () => fieldIdOf(keyFieldId, fields))
  const compiled = {
    source,
    primaryKey: primaryKeyPaths(source).flatMap((path) => attempt('primaryKeyPath', () => memberPath(path))),
    keyFieldId,
    isKeyCaseSensitive: keyFieldId !== emailFieldId,
    dataMaps: dataMaps.flatMap((map, index) =>
      attempt(`dataMaps[${index}]`, () => compileDataMap(map, fields)),
    ),
    rules: rules.flatMap((rule, index) => attempt(`rules[${index}]`, () => compileKnownRule(rule, source))),
    emptyValues: source.emptyValues ?? 'skip',
    createsOnKey: source.createContacts === 'onPrimaryKey',
  }
  if (problems.length > 0) throw new RefusedConfiguration(problems)
  return compiled
}

const primaryKeyPaths = ({ primaryKeyPath = 'traits -> email' }: AddOnConfiguration): readonly string[] =>
  typeof primaryKeyPath === 'string' ? [primaryKeyPath] : primaryKeyPath

function checkShape(source: AddOnConfiguration): void {
  checkMembers(source, ['primaryKeyPath', 'keyFieldId', ...lists, 'emptyValues', 'createContacts'])
  for (const name of lists)
    if (source[name] !== undefined && !Array.isArray(source[name]))
      throw new RangeError(`${name} has to be a list`)
  const paths = primaryKeyPaths(source)
  if (!Array.isArray(paths) || paths.length === 0)
    throw new RangeError('primaryKeyPath has to be a path, or a list of at least one')
  checkChoice('emptyValues', source.emptyValues, emptyPolicies)
  checkChoice('createContacts', source.createContacts, contactPolicies)
}

function compileKnownRule(rule: Rule, { rules = [], programs = [] }: AddOnConfiguration): CompiledRule {
  if (rules.filter(({ id }) => id === rule.id).length > 1)
    throw new RangeError(`there are two rules "${rule.id}"`)
  const { programId } = rule.trigger
  if (!programs.some(({ id }) => id === programId)) throw new RangeError(`there is no program "${programId}"`)
  return compileRule(rule)
}
