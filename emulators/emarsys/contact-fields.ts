/** The fields that every account has; the position is the id. Source: the vendor's page of system fields. */
const systemFields = [
  'Interests',
  'First name',
  'Last name',
  'Email',
  'Date of birth',
  'Gender',
  'Marital status',
  'Children',
  'Education',
  'Title',
  'Address',
  'City',
  'State',
  'ZIP code',
  'Country',
  'Phone',
  'Fax',
  'Job position',
  'Company',
  'Department',
  'Industry',
  'Phone (office)',
  'Fax (office)',
  'Number of employees',
  'Annual revenue (in 000 EUR)',
  'URL',
  'Preferred e-mail format',
  'Average length of visit (minutes)',
  'Page views per day',
  'Days since last e-mail sent',
  'Response rate',
  'Opt-in',
  'User status',
  'Contact source',
  'Contact form',
  'Registration language',
  'Newsletter',
  'Mobile',
  'First name of partner',
  'Birth date of partner',
  'Anniversary',
  'Company address',
  'ZIP code (office)',
  'City (office)',
  'State (office)',
  'Country (office)',
  'Salutation',
  'E-mail valid',
  'Date of first registration',
] as const

const systemStringIds: ReadonlyMap<string, number> = new Map([
  ['first_name', 1],
  ['last_name', 2],
  ['email', 3],
  ['birth_date', 4],
  ['optin', 31],
  ['mobile', 37],
])

/** A field of the account's own. */
export type CustomField = { readonly id: number; readonly name?: string; readonly stringId?: string }

export const emailFieldId = 3

/** What cannot be written: Interests, and the two internal ids. */
const readOnly = new Set(['0', 'id', 'uid'])

/**
 * The number of a field that is given by its id or string id.
 * @throws RangeError when the account has no such field, or when it cannot be written.
 */
export function fieldIdOf(field: number | string, customFields: readonly CustomField[]): number {
  const text = String(field)
  if (readOnly.has(text)) throw new RangeError(`field "${text}" cannot be written`)
  const custom = customFields.find(({ id, stringId }) => String(id) === text || stringId === text)
  if (custom !== undefined) return custom.id
  const id = systemStringIds.get(text) ?? systemFields.findIndex((_, index) => String(index) === text)
  if (id === -1) throw new RangeError(`the account has no field "${text}"`)
  return id
}

/** The name under which the vendor's pages show a field. */
export const fieldName = (id: number, customFields: readonly CustomField[]): string =>
  customFields.find((field) => field.id === id)?.name ?? systemFields[id] ?? String(id)
