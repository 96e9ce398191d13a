import pino from 'pino'
import { createJsonLogger, createLog } from 'waybill/telemetry'

test('at most ten lines a minute for each connection; the next one says how many were left out', () => {
  let now = 0
  const lines: string[] = []
  const log = createLog(
    createJsonLogger(
      (line) => lines.push(line),
      () => new Date(0),
    ),
    (text) => text.replaceAll('hunter2', '***'),
    () => now,
  )
  for (let count = 0; count < 25; count++)
    log({ level: 'warn', connection: 'Zaius', code: 'HTTP_401', message: 'key hunter2 is refused' })
  log({ level: 'info', connection: 'Emarsys', message: 'open' })
  expect(lines).toHaveLength(11)
  now = 60_000
  log({ level: 'warn', connection: 'Zaius', message: 'still' })
  expect(JSON.parse(lines.at(-1) as string)).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    message: 'still',
    connection: 'Zaius',
    suppressed: 15,
  })
  expect(lines.join('')).not.toContain('hunter2')
})

test('pino fits', () => {
  const lines: string[] = []
  const log = createLog(
    pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) }),
  )
  log({ level: 'error', connection: 'Zaius', code: 'QUEUE_FULL', message: 'the store is full' })
  expect(JSON.parse(lines[0] as string)).toEqual({
    level: 50,
    connection: 'Zaius',
    code: 'QUEUE_FULL',
    msg: 'the store is full',
  })
})
