import type { Random } from './random'

/** The address of a person or a group, with the members that the Spec reserves. */
export type Address = {
  street: string
  city: string
  state: string
  postalCode: string
  country: string
}

/** Somebody who does not exist: names, mail domains, phone numbers and addresses are made up or reserved for examples. */
export type Person = {
  readonly userId: string
  readonly anonymousId: string
  readonly firstName: string
  readonly lastName: string
  readonly username: string
  readonly email: string
  /** E.164, from the range that North America reserves for fiction. */
  readonly phone: string
  readonly gender: 'female' | 'male' | 'other'
  /** ISO 8601 date. */
  readonly birthday: string
  readonly title: string
  readonly address: Address
  readonly locale: string
  /** Olson name. */
  readonly timezone: string
  /** From the blocks that RFC 5737 reserves for documentation. */
  readonly ip: string
}

const firstNames = [
  ['Amara', 'female'],
  ['Björn', 'male'],
  ['Chidi', 'male'],
  ['Dolores', 'female'],
  ['Eero', 'male'],
  ['Fatima', 'female'],
  ['Giulia', 'female'],
  ['Hiroshi', 'male'],
  ['Ines', 'female'],
  ['Jun', 'other'],
  ['Kwame', 'male'],
  ['Lena', 'female'],
  ['Mateo', 'male'],
  ['Noor', 'other'],
  ['Oksana', 'female'],
  ['Pascal', 'male'],
] as const

const lastNames = [
  'Adeyemi',
  'Bergström',
  'Castellanos',
  'Dubois',
  'Eriksen',
  'Ferreira',
  'van der Heijden',
  'Ishikawa',
  'Kowalczyk',
  'Lindqvist',
  'Moreau',
  'Ní Bhriain',
  'Okafor',
  'Petrov',
  "O'Rourke",
  'Zhang',
] as const

const places = [
  ['San Francisco', 'CA', '94107', 'United States', 'America/Los_Angeles', 'en-US'],
  ['Chicago', 'IL', '60607', 'United States', 'America/Chicago', 'en-US'],
  ['New York', 'NY', '10013', 'United States', 'America/New_York', 'en-US'],
  ['São Paulo', 'SP', '01310-100', 'Brazil', 'America/Sao_Paulo', 'pt-BR'],
  ['Dublin', 'Leinster', 'D02 X285', 'Ireland', 'Europe/Dublin', 'en-IE'],
  ['Berlin', 'BE', '10119', 'Germany', 'Europe/Berlin', 'de-DE'],
  ['Lyon', 'ARA', '69002', 'France', 'Europe/Paris', 'fr-FR'],
  ['Osaka', 'Osaka', '530-0001', 'Japan', 'Asia/Tokyo', 'ja-JP'],
  ['Kolkata', 'WB', '700001', 'India', 'Asia/Kolkata', 'en-IN'],
  ['Melbourne', 'VIC', '3000', 'Australia', 'Australia/Melbourne', 'en-AU'],
] as const

const streets = ['Alder Lane', 'Harbor Street', 'Mill Road', 'Orchard Avenue', 'Station Square'] as const
const networks = ['192.0.2', '198.51.100', '203.0.113'] as const
const domains = ['example.com', 'example.net', 'example.org'] as const
const titles = ['Analyst', 'Designer', 'Engineer', 'Founder', 'Head of Growth', 'Teacher'] as const

/** Letters a to z alone, so that the result fits the local part of a mail address. */
const plain = (text: string) =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '')

const twoDigits = (value: number) => String(value).padStart(2, '0')

/** Of the numbers that no area code of North America gives to anybody: 555-0100 to 555-0199. */
function phoneNumber(random: Random): string {
  const line = twoDigits(random.integer(0, 99))
  const area = random.fork('area code')
  return `+1${area.integer(2, 9)}${area.integer(2, 8)}${area.integer(0, 9)}55501${line}`
}

/** Makes a person up. Ids are unique for all practical purposes: they hold 48 and 122 random bits. */
export function createPerson(random: Random): Person {
  const [firstName, gender] = random.pick(firstNames)
  const lastName = random.pick(lastNames)
  const [city, state, postalCode, country, timezone, locale] = random.pick(places)
  const username = `${plain(firstName).slice(0, 1)}${plain(lastName)}${random.integer(10, 9999)}`
  return {
    userId: `user_${random.hex(12)}`,
    anonymousId: random.uuid(),
    firstName,
    lastName,
    username,
    email: `${username}@${random.pick(domains)}`,
    phone: phoneNumber(random),
    gender,
    birthday: `${random.integer(1950, 2006)}-${twoDigits(random.integer(1, 12))}-${twoDigits(random.integer(1, 28))}`,
    title: random.pick(titles),
    address: {
      street: `${random.integer(1, 240)} ${random.pick(streets)}`,
      city,
      state,
      postalCode,
      country,
    },
    locale,
    timezone,
    ip: `${random.pick(networks)}.${random.integer(1, 254)}`,
  }
}
