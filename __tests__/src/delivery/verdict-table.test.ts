import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Connection, createRuntime, type Outcome } from 'waybill'
import { startRawVendor } from '../../support/raw-vendor'
import { type ScriptedAnswer, scriptedAnswers } from '../../support/scripted-answers'

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'errors.md'), 'utf8')

/** The rows of the table on the page, by what the vendor answers. */
const documented = new Map(
  page
    .slice(page.indexOf('## What a response means'), page.indexOf('## Errors'))
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| response'))
    .map((line) =>
      line
        .slice(2, line.lastIndexOf('|'))
        .split(' | ')
        .map((cell) => cell.trim()),
    )
    .map(([says, ...cells]) => [says as string, cells] as const),
)

type Perform = (request: (url: string, options: object) => Promise<{ data: unknown }>) => unknown

const destination = (perform: Perform) =>
  ({
    name: 'Acme',
    slug: 'acme',
    mode: 'cloud',
    authentication: { scheme: 'custom', fields: {} },
    actions: { go: { title: 'Go', description: 'Goes.', fields: {}, perform } },
  }) as unknown as Connection['destination']

async function outcomeOf(perform: Perform): Promise<Outcome> {
  const runtime = createRuntime({
    connections: [
      {
        destination: destination(perform),
        settings: {},
        subscriptions: [{ action: 'go', filter: 'type = "track"' }],
      },
    ],
    limits: { timeoutMs: 1_500, maxResponseBytes: 4_000 },
  })
  try {
    const [outcome] = await runtime.send([{ type: 'track', messageId: 'm1', userId: 'u1' }])
    return outcome as Outcome
  } finally {
    await runtime.close()
  }
}

/** The cells of a row after the first. */
function cellsOf(outcome: Outcome): string[] {
  const { kind, owner, code, afterMs, vendorCode, notes } = outcome as Outcome & Record<string, unknown>
  const more = [
    afterMs === undefined ? [] : [`\`afterMs\` ${afterMs}`],
    vendorCode === undefined ? [] : [`\`vendorCode\` ${vendorCode}`],
    notes === undefined ? [] : ['a note'],
  ].flat()
  return [
    `\`${kind}\``,
    code === undefined ? '' : `\`${code}\``,
    (owner as string | undefined) ?? '',
    more.join(', '),
  ]
}

async function play({ answer, isRead = false }: ScriptedAnswer): Promise<Outcome> {
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'
  const other = await startRawVendor((socket) => socket.write(ok))
  const vendor = await startRawVendor((socket, _count, _use, request) => {
    if (/^POST \/(ok|gr%C3%B6%C3%9Fe) /.test(request)) socket.write(ok)
    else if (request.startsWith('POST /loop '))
      socket.write('HTTP/1.1 307 X\r\nlocation: /loop\r\ncontent-length: 0\r\n\r\n')
    else answer(socket, other.url)
  })
  const outcome = await outcomeOf(async (request) => {
    const response = await request(`${vendor.url}/`, { method: 'post', json: { a: 1 } })
    return isRead ? response.data : response
  })
  await vendor.close()
  await other.close()
  return outcome
}

test('there are a hundred responses and more, each with a row of its own', () => {
  expect(scriptedAnswers.length).toBeGreaterThanOrEqual(100)
  expect([...documented.keys()]).toEqual(scriptedAnswers.map(({ says }) => says))
})

test.each(scriptedAnswers.map((scripted) => [scripted.says, scripted] as const))(
  '%s',
  async (says, scripted) => {
    expect([says, ...cellsOf(await play(scripted))]).toEqual([says, ...(documented.get(says) ?? [])])
  },
)
