import { existsSync, readFileSync } from 'node:fs'
import { timezone } from '../../../../destinations/zendesk-connect/rules/timezone'

test.each([
  'America/New_York',
  'Europe/Kiev',
  'Asia/Calcutta',
  'US/Pacific',
  'UTC',
  'GMT',
  'Etc/GMT+5',
  'EST5EDT',
  'Japan',
])('%s is a name of the database and stays as it is', (name) => {
  expect(timezone(name)).toEqual({ name })
})

test('blanks around a name are dropped and its case is corrected', () => {
  expect(timezone('  america/new_york ')).toEqual({ name: 'America/New_York' })
  expect(timezone('America/new_york')).toEqual({ name: 'America/New_York' })
})

test('a reason quotes nothing of the event, so that reports can count it', () => {
  expect(timezone('+05:30')).toEqual({
    reason: 'an offset, not a name of the tz database such as Europe/Berlin',
  })
  expect(timezone('PST')).toEqual({ reason: 'not a name of the tz database such as Europe/Berlin' })
})

test.each([
  '+05:30',
  '-07:00',
  'GMT+2',
  'UTC+1',
  'PST',
  'IST',
  'BST',
  'Pacific Time (US & Canada)',
  'W. Europe Standard Time',
  '',
  'Factory',
  'SystemV/PST8PDT',
  5,
  {},
  null,
])('%p is refused with a reason', (value) => {
  expect(timezone(value)).toEqual({ reason: expect.any(String) })
})

const zoneTable = '/usr/share/zoneinfo/tzdata.zi'
const withTable = existsSync(zoneTable) ? test : test.skip
withTable("every zone of this machine's database passes", () => {
  const lines = readFileSync(zoneTable, 'utf8').split('\n')
  const names = lines.flatMap((line) => {
    const parts = line.split(' ')
    if (parts[0] === 'Z') return [parts[1] as string]
    return parts[0] === 'L' ? [parts[2] as string] : []
  })
  expect(names.length).toBeGreaterThan(300)
  expect(names.filter((name) => name !== 'Factory' && !('name' in timezone(name)))).toEqual([])
})
