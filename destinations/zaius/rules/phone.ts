/**
 * A phone number in the form of E.164 (`+15552108050`), without the blanks, dots, dashes and brackets that people
 * write; undefined where the country is not said or the length is wrong.
 */
export function phone(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const digits = value.replace(/[\s().\-\u2010-\u2015/]/g, '').replace(/^00/, '+')
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined
}
