import { gzipSync } from 'node:zlib'
import { readPeople } from '../../../../src/cli/audience/read-people'
import { openInput } from '../../../../src/cli/input/open-input'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
const csv = `userId,email\n${Array.from({ length: 5_000 }, (_, index) => `u${index},a${index}@example.com`).join('\n')}`

async function read(content: Buffer) {
  files.write('list', content)
  const input = await openInput('list', fakeTerminal({ workingDirectory: files.folder }).terminal)
  return readPeople(input, true, () => undefined)
}

test('a list is read whatever pads its gzip data', async () => {
  expect((await read(Buffer.concat([gzipSync(csv), Buffer.from('\0\0\n')]))).size).toBe(5_000)
})

test.each([
  ['cut off', gzipSync(csv).subarray(0, 9_000), /cut off/],
  ['followed by garbage', Buffer.concat([gzipSync(csv), Buffer.from('garbage')]), /no gzip data/],
  ['of UTF-16', Buffer.from(`\uFEFF${csv}`, 'utf16le'), /UTF-16/],
  ['of Latin-1', Buffer.from('userId,email\nCaf\u00e9,a@example.com\n', 'latin1'), /not valid UTF-8/],
])('a list that is %s is an error, so that nobody is taken for one who left', async (_, content, message) => {
  await expect(read(content)).rejects.toMatchObject({
    code: 'UNREADABLE_INPUT',
    message: expect.stringMatching(message),
  })
})
