import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(__dirname, '../../../..')
const formats = [
  '%Y-%m-%dT%H:%M:%S.%L%:z',
  '%a %A %b %B %h %C %d %e %H %I %j %k %l %N %3N %p %P %q %s %S %u %U %w %W %y %%%t%n',
  '%-d/%-m %^a %#b %_H %010Y %x %X %c',
]
const times = [
  '2026-01-01T00:00:00Z',
  '2026-03-08T02:30:00Z',
  '2026-03-29T01:30:00Z',
  '2024-02-29T23:59:59.123+05:30',
  '1999-12-31',
  1_700_000_000,
  '1700000000',
  'no time',
]
/** Texts that name no zone: liquidjs takes that of the process, so it has to be UTC to be right. */
const withoutZone = ['2026-03-08T02:30:00', 'March 14, 2016', '2016-03-14 10:00', 'Mar 14 2016 10:00 +0200']

/** Renders every format of every time in a process of its own, with the engine of waybill or the plain one. */
function rendered(zone: string, isPlain: boolean, language = 'en_US.UTF-8'): unknown {
  const render = isPlain
    ? "const { Liquid } = require('liquidjs'); const engine = new Liquid({ locale: 'en-US' }); const run = (text, root) => engine.parseAndRenderSync(text, root)"
    : `require(${JSON.stringify(join(root, '__tests__/support/load-typescript.js'))})
       const { liquidRenderer } = require(${JSON.stringify(join(root, 'src/pipeline/mapping/liquid.ts'))})
       const run = (text, root) => liquidRenderer(text, false)(root)`
  const program = `${render}
    const results = []
    for (const time of ${JSON.stringify([...times, ...withoutZone])}) {
      for (const format of ${JSON.stringify(formats)}) {
        results.push(run('{{ time | date: format }}', { time, format }))
        results.push(run('{{ time | date: format, -120 }}', { time, format }))
        results.push(run('{{ time | date: format, "Asia/Tokyo" }}', { time, format }))
      }
      for (const filter of ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string',
        'date_to_string: "ordinal", "US"', 'date_to_long_string: "ordinal"'])
        results.push(run('{{ time | ' + filter + ' }}', { time }))
    }
    console.log(JSON.stringify(results))`
  const env = { ...process.env, TZ: zone, LANG: language, LC_ALL: language }
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: root, env, encoding: 'utf8' }))
}

const expected = rendered('UTC', true)

test.each(['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Apia'])(
  'dates come out the same in %s as liquidjs gives them in UTC',
  (zone) => {
    expect(rendered(zone, false)).toEqual(expected)
  },
)

test('the language of the process changes nothing', () => {
  expect(rendered('UTC', false, 'de_DE.UTF-8')).toEqual(expected)
})
