import fc from 'fast-check'
import { readTime } from 'waybill'

const times: [unknown, string | undefined][] = [
  ['2016', '2016-01-01T00:00:00.000Z'],
  [2016, '2016-01-01T00:00:00.000Z'],
  ['2016-05', '2016-05-01T00:00:00.000Z'],
  ['2024-05-01', '2024-05-01T00:00:00.000Z'],
  ['20240501', '2024-05-01T00:00:00.000Z'],
  [20240501, '2024-05-01T00:00:00.000Z'],
  ['20240501103000', '2024-05-01T10:30:00.000Z'],
  ['2024/05/01', '2024-05-01T00:00:00.000Z'],
  ['2024-05-01T10:00:00Z', '2024-05-01T10:00:00.000Z'],
  ['2024-05-01T10:00:00.123456789Z', '2024-05-01T10:00:00.123Z'],
  ['2024-05-01T12:00:00.5+02:00', '2024-05-01T10:00:00.500Z'],
  ['2024-05-01T12:00:00+0200', '2024-05-01T10:00:00.000Z'],
  ['2024-05-01T07:00-03', '2024-05-01T10:00:00.000Z'],
  ['2024-05-01T10:00', '2024-05-01T10:00:00.000Z'],
  ['2024-05-01 10:00:00', '2024-05-01T10:00:00.000Z'],
  ['2024-05-01 10:00:00 UTC', '2024-05-01T10:00:00.000Z'],
  [' 2024-05-01T10:00:00Z ', '2024-05-01T10:00:00.000Z'],
  [1714557600, '2024-05-01T10:00:00.000Z'],
  ['1714557600', '2024-05-01T10:00:00.000Z'],
  ['1714557600.5', '2024-05-01T10:00:00.500Z'],
  [1714557600123, '2024-05-01T10:00:00.123Z'],
  ['1714557600123', '2024-05-01T10:00:00.123Z'],
  [1714557600123n, '2024-05-01T10:00:00.123Z'],
  ['1714557600123456', '2024-05-01T10:00:00.123Z'],
  ['1714557600123456789', '2024-05-01T10:00:00.123Z'],
  [0, '1970-01-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.000Z'],
  [new Date('2024-05-01T10:00:00Z'), '2024-05-01T10:00:00.000Z'],
  ['Wed, 01 May 2024 10:00:00 GMT', '2024-05-01T10:00:00.000Z'],
  ['May 1, 2024 10:00', '2024-05-01T10:00:00.000Z'],
  ['2024-02-30', undefined],
  ['2023-02-29T10:00:00Z', undefined],
  ['2024-13-01', undefined],
  ['2024-05-01T25:00:00Z', undefined],
  ['05/01/2024', undefined],
  ['soon', undefined],
  ['apple 12', undefined],
  ['', undefined],
  [' ', undefined],
  [undefined, undefined],
  [null, undefined],
  [true, undefined],
  [{}, undefined],
  [[2016], undefined],
  [Number.NaN, undefined],
  [Infinity, undefined],
  [1e300, undefined],
  ['1e300', undefined],
  [new Date(Number.NaN), undefined],
]

test.each(times)('the time %p is %p', (value, time) => {
  expect(readTime(value)?.toISOString()).toBe(time)
})

test('a time reads back as itself, however it is written', () => {
  const any = fc.date({
    min: new Date('1974-01-01T00:00:00Z'),
    max: new Date('2286-01-01T00:00:00Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(any, (date) => {
      const whole = new Date(Math.floor(date.getTime() / 1000) * 1000)
      expect(readTime(date.toISOString())).toEqual(date)
      expect(readTime(whole.getTime() / 1000)).toEqual(whole)
      expect(readTime(String(whole.getTime()))).toEqual(whole)
      expect(readTime(whole.toUTCString())).toEqual(whole)
    }),
  )
})
