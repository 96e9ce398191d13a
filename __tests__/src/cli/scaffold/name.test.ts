import { parseName } from '../../../../src/cli/scaffold/name'

test.each([
  ['Acme Mail', 'acme-mail', 'acmeMail', 'AcmeMail', 'Acme Mail', 'ACME_MAIL'],
  ['acme-mail', 'acme-mail', 'acmeMail', 'AcmeMail', 'Acme Mail', 'ACME_MAIL'],
  ['acmeMail', 'acme-mail', 'acmeMail', 'AcmeMail', 'Acme Mail', 'ACME_MAIL'],
  ['CleverTap', 'clever-tap', 'cleverTap', 'CleverTap', 'CleverTap', 'CLEVER_TAP'],
  ['Customer.io', 'customer-io', 'customerIo', 'CustomerIo', 'Customer.io', 'CUSTOMER_IO'],
  ['SMSHub', 'sms-hub', 'smsHub', 'SmsHub', 'SMSHub', 'SMS_HUB'],
  ['B2B 4 you', 'b2b-4-you', 'b2b4You', 'B2b4You', 'B2B 4 you', 'B2B_4_YOU'],
])('%s becomes %s', (text, kebab, camel, pascal, title, constant) => {
  expect(parseName(text, 'destination')).toEqual({ kebab, camel, pascal, title, constant })
})

test.each([
  ['', 'a name begins with a letter'],
  ['  ', 'a name begins with a letter'],
  ['3 Suisses', 'a name begins with a letter'],
  ['x', 'a name has at least two letters'],
  ['Größe', 'a name has letters from A to Z, digits, blanks, dots and dashes only'],
  ['../up', 'a name has letters from A to Z, digits, blanks, dots and dashes only'],
  ['a'.repeat(29), `"${'a'.repeat(29)}" has 29 characters; at most 28 fit`],
  ['settings', '"settings" means something else in the code; add a word, such as the vendor\'s'],
  ['Delete', '"delete" means something else in the code; add a word, such as the vendor\'s'],
])('%j is refused: %s', (text, problem) => {
  expect(() => parseName(text, 'action')).toThrow(`the action ${JSON.stringify(text)}: ${problem}`)
})

test.each([
  ...['arguments', 'eval', 'Async', 'of', 'string', 'Any', 'never', 'infer', 'it', 'it-', 'get'],
  ...[
    'constructor',
    'to string',
    'Has Own Property',
    'valueOf',
    'fetch',
    'Console',
    'process',
    'structured-clone',
  ],
  ...['CON', 'aux', 'nul', 'com1', 'LPT9'],
])('%s is refused as a name, since it means something else', (text) => {
  for (const kind of ['action', 'destination'] as const)
    expect(() => parseName(text, kind)).toThrow(
      /means something else in the code|cannot be the name of a file/,
    )
})
