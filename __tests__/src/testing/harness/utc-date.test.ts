import * as fc from 'fast-check'
import { createUtcDate } from '../../../../src/testing/harness/utc-date'

const now = Date.parse('2026-01-15T12:01:00.000Z')
const UtcDate = createUtcDate(now)
const fields = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const
const time = fc.integer({ min: -8e12, max: 8e12 })

describe('a date of the bench', () => {
  test('stands still', () => {
    expect([new UtcDate().getTime(), UtcDate.now()]).toEqual([now, now])
  })

  test('has the fields of UTC as its local ones, whatever the zone of the process', () => {
    fc.assert(
      fc.property(time, (ms) => {
        const date = new UtcDate(ms)
        const real = new Date(ms)
        for (const field of [...fields, 'Day'] as const)
          expect(date[`get${field}`]()).toBe(real[`getUTC${field}`]())
        expect(date.getTimezoneOffset()).toBe(0)
        const parts = fields.map((field) => real[`getUTC${field}`]()) as [number, number]
        if (real.getUTCFullYear() > 99) expect(new UtcDate(...parts).getTime()).toBe(ms)
      }),
    )
  })

  test('sets local fields as fields of UTC', () => {
    const date = new UtcDate(now)
    date.setHours(23, 30)
    date.setDate(31)
    expect(date.toISOString()).toBe('2026-01-31T23:30:00.000Z')
  })

  test('writes texts that it reads as the same second', () => {
    fc.assert(
      fc.property(time, (ms) => {
        const second = Math.floor(ms / 1000) * 1000
        const date = new UtcDate(second)
        for (const text of [date.toString(), date.toISOString(), date.toUTCString()])
          if (date.getUTCFullYear() > 999 && date.getUTCFullYear() < 9999)
            expect(new UtcDate(text).getTime()).toBe(second)
      }),
    )
    expect(new UtcDate(now).toString()).toBe('Thu Jan 15 2026 12:01:00 GMT+0000 (Coordinated Universal Time)')
    expect(new UtcDate(now).toLocaleString()).toMatch(/^1\/15\/2026, 12:01:00\sPM$/)
  })

  test.each([
    ['2026-01-15T10:00:00', '2026-01-15T10:00:00.000Z'],
    ['2026-01-15 10:00:00', '2026-01-15T10:00:00.000Z'],
    ['2026-01-15T10:00:00+02:00', '2026-01-15T08:00:00.000Z'],
    ['2026-01-15', '2026-01-15T00:00:00.000Z'],
    ['Jan 15 2026 10:00', '2026-01-15T10:00:00.000Z'],
    ['Thu, 15 Jan 2026 10:00:00 GMT', '2026-01-15T10:00:00.000Z'],
    ['1/15/2026', '2026-01-15T00:00:00.000Z'],
  ])('reads %s as %s', (text, iso) => {
    expect(new UtcDate(text).toISOString()).toBe(iso)
  })

  test('knows that a text is no date, and what is a date', () => {
    expect(Number.isNaN(new UtcDate('never').getTime())).toBe(true)
    expect(new UtcDate('never').toString()).toBe('Invalid Date')
    expect(new Date() instanceof UtcDate).toBe(true)
    expect(new UtcDate() instanceof Date).toBe(true)
  })
})
