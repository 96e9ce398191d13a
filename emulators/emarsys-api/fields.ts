/** What a field of a contact can hold, in the vendor's words. */
export type FieldType =
  | 'shorttext'
  | 'longtext'
  | 'largetext'
  | 'url'
  | 'date'
  | 'numeric'
  | 'singlechoice'
  | 'multichoice'
  | 'voucher'
  | 'special'

export type Choice = { readonly id: string; readonly choice: string; readonly bit_position: number }

/** A field of the account. */
export type Field = {
  readonly id: number
  readonly name: string
  readonly stringId: string
  readonly type: FieldType
  readonly choices: readonly Choice[]
  /** Contacts can be found by it. */
  readonly isIndexed: boolean
}

/** A field that an account has made. */
export type OwnField = {
  readonly id: number
  readonly name?: string
  readonly stringId?: string
  readonly type?: FieldType
  /** Ids and names. */
  readonly choices?: Readonly<Record<string, string>>
  readonly isIndexed?: boolean
}

export const emailField = 3
export const optInField = 31

const choicesOf = (choices: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(choices).map(([id, choice], index) => ({ id, choice, bit_position: index }))

/** `Opt-in` has the string id `optin` at the vendor; the others follow their names. */
const stringIds: Readonly<Record<number, string>> = { 4: 'birth_date', 31: 'optin' }

const textFields: Readonly<Record<string, readonly [ids: readonly number[], names: readonly string[]]>> = {
  shorttext: [
    [1, 2, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 37, 38, 42, 43, 44],
    [
      'First name',
      'Last name',
      'City',
      'State',
      'ZIP code',
      'Phone',
      'Fax',
      'Job position',
      'Company',
      'Department',
      'Industry',
      'Phone (office)',
      'Fax (office)',
      'Mobile',
      'First name of partner',
      'ZIP (office)',
      'City (office)',
      'State (office)',
    ],
  ],
  longtext: [
    [3, 10, 41],
    ['Email', 'Address', 'Company address'],
  ],
  numeric: [
    [23, 24, 27, 28, 29, 30],
    [
      'Number of employees',
      'Annual revenue',
      'Average length of visit',
      'Page views per day',
      'Days since last email sent',
      'Response rate',
    ],
  ],
  url: [[25], ['URL']],
  date: [
    [4, 39, 40, 48],
    ['Date of birth', 'Birth date of partner', 'Anniversary', 'Date of first registration'],
  ],
  singlechoice: [
    [5, 6, 7, 8, 9, 14, 26, 31, 32, 33, 34, 35, 36, 45, 46, 47],
    [
      'Gender',
      'Marital status',
      'Children',
      'Education',
      'Title',
      'Country',
      'Preferred email format',
      'Opt-in',
      'User status',
      'Contact source',
      'Contact form',
      'Registration language',
      'Newsletter',
      'Country (office)',
      'Salutation',
      'Email valid',
    ],
  ],
}

const systemChoices: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  5: { 1: 'Male', 2: 'Female' },
  31: { 1: 'True', 2: 'False' },
}

/** The fields that every account has (the vendor's page of system fields), then the account's own. */
export function createFields(own: readonly OwnField[]): ReadonlyMap<number, Field> {
  const fields: Field[] = [
    { id: 0, name: 'Interests', stringId: 'interests', type: 'multichoice', choices: [], isIndexed: false },
  ]
  for (const [type, [ids, names]] of Object.entries(textFields))
    for (const [index, id] of ids.entries()) {
      const name = names[index] as string
      fields.push({
        id,
        name,
        stringId: stringIds[id] ?? name.toLowerCase().replace(/[^a-z]+/g, '_'),
        type: type as FieldType,
        choices: choicesOf(systemChoices[id] ?? { 1: 'First', 2: 'Second', 3: 'Third' }),
        isIndexed: true,
      })
    }
  for (const { id, name = '', stringId = '', type = 'shorttext', choices = {}, isIndexed = false } of own)
    fields.push({ id, name, stringId, type, choices: choicesOf(choices), isIndexed })
  return new Map(fields.sort((one, other) => one.id - other.id).map((field) => [field.id, field]))
}

/** Why a field cannot hold a value; undefined when it can. Null and empty text clear any field. */
export function valueProblem(field: Field, value: unknown): string | undefined {
  if (field.id === 0 || field.type === 'voucher') return `Field ${field.id} is read-only`
  if (field.type === 'multichoice') return multiChoiceProblem(field, value)
  if (value === null || value === '') return undefined
  if (typeof value === 'object') return `Invalid data format for field: ${field.id}, scalar expected`
  if (field.id === optInField && !['1', '2'].includes(String(value)))
    return `Invalid choice for field: ${field.id}`
  switch (field.type) {
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(String(value)) ? undefined : `Invalid date for field: ${field.id}`
    case 'numeric':
      return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(String(value)) && String(value).length <= 25
        ? undefined
        : `Invalid number for field: ${field.id}`
    case 'singlechoice':
      return isChoice(field, value) ? undefined : `Invalid choice for field: ${field.id}`
    default:
      return undefined
  }
}

const isChoice = (field: Field, value: unknown): boolean =>
  typeof value !== 'boolean' && field.choices.some(({ id }) => id === String(value))

function multiChoiceProblem(field: Field, value: unknown): string | undefined {
  if (value === null || value === '') return undefined
  if (!Array.isArray(value)) return `Invalid data format for field: ${field.id}, array expected`
  if (value.length === 0) return `No choice provided for field: ${field.id}`
  return value.every((item) => isChoice(field, item)) ? undefined : `Invalid choice for field: ${field.id}`
}
