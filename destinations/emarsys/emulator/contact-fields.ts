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

const systemStringIds: Readonly<Record<string, number>> = {
  first_name: 1,
  last_name: 2,
  email: 3,
  birth_date: 4,
  optin: 31,
  mobile: 37,
}

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
  if (readOnly.has(String(field))) throw new RangeError(`field "${field}" cannot be written`)
  const custom = customFields.find(({ id, stringId }) => String(id) === String(field) || stringId === field)
  if (custom !== undefined) return custom.id
  const id = systemStringIds[field] ?? Number(field)
  if (systemFields[id] === undefined) throw new RangeError(`the account has no field "${field}"`)
  return id
}

/** The name under which the vendor's pages show a field. */
export const fieldName = (id: number, customFields: readonly CustomField[]): string =>
  customFields.find((field) => field.id === id)?.name ?? systemFields[id] ?? String(id)
