import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import type { SegmentEvent } from 'waybill'
import { createSampleEvents } from 'waybill/testing'
import { mayGenerateCode } from '../../../../src/pipeline/code/code-generation'
import { stepsOf } from '../../../../src/pipeline/fast-path'
import { compileSubscription } from '../../../../src/pipeline/filter/compile-subscription'
import { generateFastPath } from '../../../../src/pipeline/generate-fast-path'
import { compileMapping } from '../../../../src/pipeline/mapping/compile-mapping'
import { bailOut } from '../../../../src/pipeline/payload/accept'
import { schemaOf } from '../../../../src/pipeline/payload/schema-of'
import { compilePreparation, InvalidPayload } from '../../../../src/pipeline/prepare'
import { forms } from '../forms'
import { randomFields } from '../random-fields'
import { oddPathText, pathText, randomEvent, randomMapping, runs } from '../random-mapping'
import { type Case, prepareAll, type Results } from './prepare-all'

const field = (type: string, more: object = {}) => ({ label: 'L', description: '', type, ...more })

/** What a call comes to; the order of members counts. */
function resultOf(call: () => unknown): unknown {
  try {
    const value = call()
    if (value instanceof InvalidPayload) return { invalid: value.message }
    return { value, text: JSON.stringify(value) }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

/** Members that are undefined and prototypes count too. */
function expectSame(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toStrictEqual(expected)
}

/** The results of both forms, which have to be the same. */
function bothForms<Form>(
  compile: (options: { generateAfter: number }) => Form,
  call: (form: Form) => unknown,
): unknown {
  const [generated, closure] = [forms.generated, forms.closure].map((options) => {
    const form = compile(options)
    return resultOf(() => call(form))
  })
  expectSame(generated, closure)
  return generated
}

const medium: Case = {
  fields: {
    type: field('string', { required: true }),
    id: field('string'),
    time: field('datetime'),
    total: field('number', { minimum: 0 }),
    label: field('string'),
    address: field('object', {
      properties: { city: field('string'), zip: field('string') },
    }),
    products: field('object', {
      multiple: true,
      properties: { sku: field('string'), price: field('number') },
    }),
    traits: field('object'),
  },
  mapping: {
    type: { '@case': { operator: 'upper', value: { '@path': '$.type' } } },
    id: {
      '@if': {
        exists: { '@path': '$.userId' },
        then: { '@path': '$.userId' },
        else: { '@path': '$.anonymousId' },
      },
    },
    time: { '@path': '$.timestamp' },
    total: { '@path': '$.properties.total' },
    label: { '@template': '{{type}}: {{properties.order_id}}' },
    address: { city: { '@path': '$.traits.address.city' }, zip: { '@path': '$.traits.address.postalCode' } },
    products: {
      '@arrayPath': ['$.properties.products', { sku: { '@path': '$.sku' }, price: { '@path': '$.price' } }],
    },
    traits: { '@path': '$.traits' },
  },
  filter: 'type = "track" and match(event, "Order *") or contains(traits.email, "@") and userId != null',
  events: (() => {
    const samples = createSampleEvents()
    const order = samples.track('Order Completed')
    return [
      order,
      samples.identify(),
      samples.page(),
      { ...order, userId: 5, properties: { ...order.properties, total: '12', products: { sku: 1 } } },
      { ...order, type: '', traits: { address: { city: '' } } },
      { ...order, timestamp: 'never', properties: { total: -1, products: [null] } },
      {},
    ] as SegmentEvent[]
  })(),
}

test('code is generated here, for the whole way from an event to its payload', () => {
  expect(mayGenerateCode()).toBe(true)
  const { root } = compileMapping(medium.mapping)
  const parts = {
    root,
    schema: schemaOf(medium.fields),
    standing: { isRoot: true, isCleaned: true },
    compatibility: false,
  }
  const closure = jest.fn(() => bailOut)
  const quick = generateFastPath(parts, stepsOf(parts) ?? [], closure as never)
  expect(quick(JSON.parse(JSON.stringify(medium.events[0])))).toMatchObject({ type: 'TRACK' })
  expect(closure).not.toHaveBeenCalled()
})

test('where code may not be generated, closures give the same results', () => {
  const [parameters, run] = [
    [
      '--disallow-code-generation-from-strings',
      '-r',
      join(__dirname, '../../../support/load-typescript.js'),
      '-e',
    ],
    `const { prepareAll } = require(${JSON.stringify(join(__dirname, 'prepare-all.ts'))})
     console.log(JSON.stringify(prepareAll(JSON.parse(require('node:fs').readFileSync(0, 'utf8')))))`,
  ]
  const cases = [medium]
  const output = execFileSync(process.execPath, [...parameters, run], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
  })
  const { mayGenerateCode: mayThere, results } = JSON.parse(output) as Results
  expect(mayThere).toBe(false)
  expect(results).toEqual(JSON.parse(JSON.stringify(prepareAll(cases).results)))
})

describe('texts of configurations and events are never read as code', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '"]; globalThis.pwned = 1; //',
      "'); globalThis.pwned = 1; ('",
      `\`$\{globalThis.pwned = 1}\``,
      '*/ globalThis.pwned = 1 /*',
      'a\\',
      'a\\"',
      '\u2028globalThis.pwned = 1\u2029',
      '\n}\n',
      '\ud800',
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'length',
      'v1',
      'c0',
      'event',
      'return bailOut',
      '0',
      '-1',
      '',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  const bracketed = (keys: readonly string[]): string => `$.${keys.join('.')}`

  test('in fields, keys, paths, templates and constants', () => {
    const cases = fc.record({
      keys: fc.uniqueArray(hostile, { minLength: 3, maxLength: 3 }),
      path: fc.array(hostile, { minLength: 1, maxLength: 3 }),
      value: fc.oneof(hostile, fc.constantFrom<unknown>(-0, 1e21, 5, 0.1, true, null)),
      choices: fc.array(hostile, { minLength: 1, maxLength: 2 }),
    })
    fc.assert(
      fc.property(cases, ({ keys, path, value, choices }) => {
        const [first = '', second = '', third = ''] = keys
        const fields = {
          [first]: field('string', { label: value }),
          [second]: field('object'),
          [third]: field('string', { choices }),
        }
        const mapping = {
          [first]: { '@template': `{{${path[0]}}} ${value} {{{${third}}}}` },
          [second]: {
            [third]: value,
            [first]: { '@path': bracketed(path) },
            list: [value, { '@path': bracketed(path) }],
          },
          [third]: { '@path': bracketed(path) },
        }
        const event = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), choices[0])
        bothForms(
          (how) => compilePreparation({ fields, mapping, ...how }),
          ({ prepare }) => prepare(event),
        )
        bothForms(
          (how) => compileMapping(mapping, how),
          ({ map }) => map(event),
        )
        bothForms(
          (how) => compileMapping(mapping, { ...how, compatibility: true }),
          ({ map }) => map(event),
        )
        expect(globalThis).not.toHaveProperty('pwned')
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      runs(300),
    )
  })

  test('in filters', () => {
    const escaped = (key: string): string => key.replace(/[^a-z]/giu, (letter) => `\\${letter}`)
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), hostile, (path, value) => {
        fc.pre(path.every((key) => key !== ''))
        const literal = JSON.stringify(value).replaceAll('\\"', '')
        const event = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
        for (const filter of [`${path.map(escaped).join('.')} = ${literal}`, `match(a, ${literal})`])
          bothForms(
            (how) => {
              try {
                return compileSubscription(filter, how)
              } catch {
                return () => 'refused'
              }
            },
            (matches) => matches(event as never),
          )
        expect(globalThis).not.toHaveProperty('pwned')
      }),
      runs(300),
    )
  })
})

describe('objects that no JSON holds are read alike', () => {
  class Person {
    email = 'own@example.com'
    get phone() {
      return '1'
    }
    toString() {
      return 'person'
    }
  }
  const inherited = Object.assign(Object.create({ email: 'inherited@example.com', city: 'Oslo' }), {
    phone: '2',
  })
  const nullPrototype = Object.assign(Object.create(null), { email: 'null@example.com' })
  const getters = Object.defineProperty({ phone: '3' }, 'email', {
    get: () => 'got@example.com',
    enumerable: true,
  })
  const throwing = Object.defineProperty({ phone: '4' }, 'email', {
    enumerable: true,
    get() {
      throw new Error('no such luck')
    },
  })
  const proxy = new Proxy({ email: 'proxy@example.com' }, {})
  const list = Object.assign(new Array<string>(2), { 2: 'x', email: 'list@example.com' })
  const values: Record<string, unknown> = {
    'an instance of a class': new Person(),
    'an object with an inherited member': inherited,
    'an object without prototype': nullPrototype,
    'an object with getters': getters,
    'an object with a throwing getter': throwing,
    'a proxy': proxy,
    'a list with gaps and members': list,
    'a date': new Date(0),
    'a map': new Map([['email', 'x']]),
    'a text': 'email',
    'a member called __proto__': JSON.parse('{"__proto__":{"email":"x@example.com"},"phone":"5"}'),
    'a member called constructor': JSON.parse('{"constructor":{"email":"x"},"email":"c@example.com"}'),
  }
  const read = (root: string) => ({
    email: { '@path': `${root}.email` },
    phone: { '@path': `${root}.phone` },
    city: { '@template': `{{${root.slice(2)}.city}} {{${root.slice(2)}.toString}}` },
    name: { '@path': `${root}.constructor.name` },
    whole: { '@path': root },
    items: { '@arrayPath': [root, { email: { '@path': '$.email' }, all: { '@template': '{{}}{{email}}' } }] },
  })
  const fields = {
    email: field('string'),
    phone: field('string'),
    city: field('string'),
    name: field('string'),
    whole: field('object', { additionalProperties: true, properties: { email: field('string') } }),
    items: field('object', {
      multiple: true,
      properties: { email: field('string') },
      additionalProperties: true,
    }),
  }

  describe.each([false, true])('in compatibility mode: %s', (compatibility) => {
    test.each(Object.entries(values))('%s', (_name, value) => {
      for (const [event, mapping] of [
        [{ traits: value }, read('$.traits')],
        [{ context: { traits: value } }, read('$.context.traits')],
        [value, { ...read('$'), email: { '@path': '$.email' } }],
      ] as const)
        for (const call of ['prepare', 'prepareInBatch', 'map'] as const)
          bothForms(
            (how) => compilePreparation({ fields, mapping, compatibility, ...how }),
            (preparation) => preparation[call](event),
          )
      for (const filter of ['traits.email = "x"', 'traits.constructor.name != "y"', 'length(traits) = 3'])
        bothForms(
          (how) => compileSubscription(filter, how),
          (matches) => matches({ traits: value } as never),
        )
    })
  })

  test('a polluted prototype gives nothing to a payload', () => {
    const mapping = read('$.traits')
    const prepared = {
      generated: compilePreparation({ fields, mapping, ...forms.generated }),
      closure: compilePreparation({ fields, mapping, ...forms.closure }),
    }
    const event = { traits: { phone: '1' } }
    const before = resultOf(() => prepared.generated.prepare(event))
    const polluted = Object.prototype as { email?: string }
    polluted.email = 'polluted@example.com'
    try {
      expect(resultOf(() => prepared.generated.prepare(event))).toStrictEqual(before)
      expect(resultOf(() => prepared.closure.prepare(event))).toStrictEqual(before)
    } finally {
      delete polluted.email
    }
  })

  test('payloads are plain objects of their own', () => {
    const event = JSON.parse(JSON.stringify(medium.events[0])) as { traits?: { nested: { list: number[] } } }
    event.traits = { nested: { list: [1] } }
    const { prepare } = compilePreparation({ ...medium, ...forms.generated })
    const [payload, other] = [prepare(event), prepare(event)] as Record<string, typeof event.traits>[]
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype)
    payload?.traits?.nested.list.push(2)
    expect(event.traits.nested.list).toEqual([1])
    expect(other?.traits?.nested.list).toEqual([1])
  })
})

describe('random mappings, fields and events', () => {
  const cases = randomFields({ withDefects: true }).chain((fields) => {
    const keys = Object.keys(fields)
    const value = (key: string) =>
      fc.oneof(
        fc.constant<unknown>({ '@path': `$.${key}` }),
        randomMapping({ path: fc.oneof(pathText, oddPathText), withFalsyElse: true }),
      )
    return fc.tuple(
      fc.constant(fields),
      fc.tuple(...keys.map(value), fc.option(randomMapping(), { nil: undefined })),
      fc.array(randomEvent, { minLength: 4, maxLength: 4 }),
    )
  })

  test.each([false, true])(
    'both forms give what the slow path gives (in compatibility mode: %s)',
    (compatibility) => {
      fc.assert(
        fc.property(cases, ([fields, values, events]) => {
          const entries = [...Object.keys(fields), 'unknown'].map(
            (key, index) => [key, values[index]] as const,
          )
          const mapping = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
          // Members exempt from checks take the slow path.
          const long = { ...mapping, dynamicAuthSettings: { '@path': '$.missing' } }
          const compile = (given: object, how: object) =>
            compilePreparation({ fields, mapping: given, compatibility, ...how })
          const exact = compile(long, forms.closure)
          const preparations = [compile(mapping, forms.generated), compile(mapping, forms.closure)]
          for (const event of events)
            for (const call of ['prepare', 'prepareInBatch'] as const) {
              const expected = resultOf(() => exact[call](event))
              for (const preparation of preparations)
                expectSame(
                  resultOf(() => preparation[call](event)),
                  expected,
                )
            }
          for (const event of events)
            bothForms(
              (how) => compileMapping(mapping, { compatibility, ...how }),
              ({ map }) => map(event),
            )
        }),
        runs(250),
      )
    },
  )
})
