import { ConfigurationError } from 'waybill'
import { isFileName } from '../documents/inside-folder'

/** One name in all the spellings that files and code need. */
export type Name = {
  /** `acme-mail`: folders, files and slugs. */
  readonly kebab: string
  /** `acmeMail`: values. */
  readonly camel: string
  /** `AcmeMail`: types. */
  readonly pascal: string
  /** `Acme Mail`: for people. */
  readonly title: string
  /** `ACME_MAIL`: environment variables. */
  readonly constant: string
}

/** Longer ones would not fit the lines of the files that are written. */
const maxLength = 28

/** Words that the files written use, or that JavaScript and TypeScript keep for themselves. */
const taken = new Set(
  `abstract action actions address afterAll afterEach any arguments as async await beforeAll beforeEach bigint boolean
  break case catch class const continue createRuntime debugger declare default defineAction defineDestination
  defineSettings deliver delete describe do else emulator enum eval event events exports expect export extends false
  finally for from function get global if implements import in index infer instanceof interface is it jest keyof let
  module namespace never new null number object of package path payload perform private protected public readonly
  request require return satisfies set settings static string super switch symbol test this throw true try type typeof
  undefined unknown vendor void var while with yield`.split(/\s+/),
)

/** Names that every object has or that Node keeps: a record of actions or a module would find them instead. */
const isKnownToAll = (name: string): boolean => name in {} || name in globalThis

const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const wordsOf = (text: string): string[] =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())

/**
 * Reads a name in whatever spelling it is given: `Acme Mail`, `acme-mail`, `acmeMail`. One that begins with a capital
 * is kept as the title.
 * @throws ConfigurationError INVALID_NAME.
 */
export function parseName(text: string, kind: 'destination' | 'action'): Name {
  const refuse = (problem: string): never => {
    throw new ConfigurationError('INVALID_NAME', `the ${kind} ${JSON.stringify(text)}: ${problem}`)
  }
  if (!/^[A-Za-z0-9 ._&+-]*$/.test(text))
    refuse('a name has letters from A to Z, digits, blanks, dots and dashes only')
  const words = wordsOf(text)
  const kebab = words.join('-')
  const pascal = words.map(capitalize).join('')
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1)
  if (!/^[a-z]/.test(kebab)) refuse('a name begins with a letter')
  if (kebab.length < 2) refuse('a name has at least two letters')
  if (kebab.length > maxLength) refuse(`"${kebab}" has ${kebab.length} characters; at most ${maxLength} fit`)
  if (!isFileName(kebab)) refuse(`"${kebab}" cannot be the name of a file on every system`)
  if (taken.has(camel) || isKnownToAll(camel))
    refuse(`"${camel}" means something else in the code; add a word, such as the vendor's`)
  return {
    kebab,
    camel,
    pascal,
    title: /^[A-Z]/.test(text) ? text.trim() : words.map(capitalize).join(' '),
    constant: words.join('_').toUpperCase(),
  }
}
