import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '..')
const header = `import { createMultiStatus, defineAction, defineDestination, defineFields, defineSettings, path } from 'waybill'
void [createMultiStatus, defineDestination, defineFields]
const settings = defineSettings({ key: { label: 'K', description: '', type: 'password', required: true } })
const about = { settings, title: 'A', description: '' } as const
const text = { label: 'L', description: '', type: 'string' } as const
export const act = defineAction({
  ...about,
  fields: {
    id: { ...text, required: true, default: path('$.x') },
    size: { label: 'S', description: '', type: 'integer' },
    mode: { ...text, choices: ['on', 'off'] },
  },
  perform: (request, { payload }) => request('x', { json: payload.id }),
})
`
const action = (fields: string, more = '') =>
  `export const it = defineAction({
    ...about,
    fields: ${fields},
    perform: (request, { payload }) => request('x', { json: payload }),
    ${more}
  })`
const destination = (more: string) =>
  `export const it = defineDestination({
    name: 'A', slug: 'a', settings, actions: { act },
    authentication: { scheme: 'custom' },
    ${more}
  })`
const preset = (mapping: string) =>
  destination(
    `presets: [{ name: 'P', type: 'automatic', partnerAction: 'act', subscribe: 'x', mapping: ${mapping} }],`,
  )

/** A mistake, and what its one error has to say. */
const mistakes: Record<string, readonly [string, RegExp]> = {
  'a misspelt property of a field': [action(`{ id: { ...text, requird: true } }`), /never/],
  'a misspelt property of an action': [action('{}', `titel: 'A',`), /'titel' does not exist/],
  'a type that no field has': [action(`{ id: { label: 'L', description: '', type: 'str' } }`), /"str"/],
  'a number as the default of a string': [action(`{ id: { ...text, default: 5 } }`), /number/],
  'a string as the default of a number': [
    action(`{ id: { label: 'L', description: '', type: 'number', default: '5' } }`),
    /string/,
  ],
  'a default that is none of the choices': [
    action(`{ id: { ...text, choices: ['a', 'b'], default: 'c' } }`),
    /"c"/,
  ],
  'a choice of another type': [
    action(`{ id: { label: 'L', description: '', type: 'integer', choices: ['a'] } }`),
    /string/,
  ],
  'a property that the payload does not have': [
    `export const it = defineAction({ ...about, fields: { id: text }, perform: (_r, { payload }) => payload.idd })`,
    /'idd' does not exist/,
  ],
  'a multistatus of no input': [`createMultiStatus({})`, /payload/],
  'a multistatus of payloads alone': [`createMultiStatus([{ id: 'x' }])`, /payload/],
  'a preset of no action': [
    destination(`presets: [{ name: 'P', type: 'automatic', partnerAction: 'atc', subscribe: 'x' }],`),
    /"atc"/,
  ],
  'a preset that maps no field': [preset(`{ idd: path('$.y') }`), /'idd' does not exist/],
  'a preset with a value of another type': [preset(`{ size: 'five' }`), /string/],
  'a preset with a value that is no choice': [preset(`{ mode: 'of' }`), /"of"/],
  'a scheme that does not exist': [
    `export const it = defineDestination({ name: 'A', slug: 'a', settings, actions: { act }, authentication: { scheme: 'custm' } })`,
    /"custm"/,
  ],
}

const sound: Record<string, string> = {
  'defaults that are directives, values, lists and objects': action(`{
    id: { ...text, default: path('$.userId') },
    day: { label: 'L', description: '', type: 'datetime', default: 5 },
    tags: { ...text, multiple: true, default: ['a', path('$.b')] },
    size: { label: 'L', description: '', type: 'integer', choices: [{ value: 1, label: 'One' }], default: 1 },
    address: {
      label: 'L', description: '', type: 'object',
      properties: { city: { label: 'L', type: 'string' } },
      default: { city: path('$.traits.city') },
    },
  }`),
  'any payload in a multistatus': action(
    `{ id: { ...text, required: true } }`,
    `performBatch: (_request, input) => {
      const result = createMultiStatus(input)
      input.payload.forEach((sent, index) => result.setSuccessResponseAtIndex(index, { status: 200, sent, body: 5 }))
      return result
    },`,
  ),
  'presets that map fields, and keys of the runtime': preset(
    `{ id: path('$.y'), size: 5, mode: 'on', enable_batching: true, batch_size: 10 }`,
  ),
}

test('each mistake is one error that names it, and what is right compiles', () => {
  const folder = mkdtempSync(join(root, '__tests__', 'type-mistakes-'))
  const cases = [
    ...Object.entries(mistakes),
    ...Object.entries(sound).map(([name, source]) => [name, [source]] as const),
  ]
  try {
    for (const [index, [, [source]]] of cases.entries())
      writeFileSync(join(folder, `case-${index}.ts`), `${header}${source}\nexport {}\n`)
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: { rootDir: '../..' },
        include: ['*.ts'],
      }),
    )
    const output = compile(folder)
    const found = cases.map(([name], index) => {
      const errors = output.filter((line) => line.includes(`case-${index}.ts(`))
      return [name, errors.length, errors[0] ?? '']
    })
    expect(found).toEqual(
      cases.map(([name, [, message]]) =>
        message === undefined ? [name, 0, ''] : [name, 1, expect.stringMatching(message)],
      ),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 120_000)

/** The compiler's errors, each with the lines that explain it joined. */
function compile(folder: string): string[] {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  try {
    execFileSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return []
  } catch (error) {
    return (error as { stdout: string }).stdout.split(/\n(?=\S)/)
  }
}
