import { startZaiusEmulator } from 'waybill/emulators/zaius'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()

test('an audience reaches the emulated vendor: everybody first, then changes alone', async () => {
  const vendor = await startZaiusEmulator()
  vendor.account.schema.addField('customers', 'big_spenders', 'boolean')
  const connection = (more: object) => ({
    destination: 'zaius',
    settings: { apiKey: vendor.publicKey, endpoint: vendor.url },
    subscriptions: 'presets',
    ...more,
  })
  files.write('waybill.config.json', {
    connections: [
      connection({ name: 'Zaius' }),
      connection({ name: 'Later', audiences: { startDelayMs: 3_600_000 } }),
    ],
  })
  const sync = async (...options: string[]) => {
    const world = fakeTerminal({ workingDirectory: files.folder })
    const code = await runCommandLine(
      ['audience', 'sync', '--name', 'Big spenders', ...options],
      world.terminal,
    )
    return { code, stdout: world.stdout, stderr: world.stderr }
  }
  const audienceOf = () => {
    const values = vendor.account.customers.all().map(({ fields }) => fields.get('big_spenders')?.value)
    return {
      true: values.filter((value) => value === true).length,
      false: values.filter((value) => value === false).length,
    }
  }

  files.write('one.csv', 'user_id,email\nada,ada@example.com\nbob,\ncyd,\n')
  expect(await sync('--input', 'one.csv', '--to', 'Zaius', '--deliver')).toEqual({
    code: 0,
    stdout: 'Zaius: 3 in, 0 out; 3 members\n',
    stderr: '',
  })
  expect(audienceOf()).toEqual({ true: 3, false: 0 })
  const before = vendor.requestCount
  files.write('two.ndjson', '{"userId":"bob"}\n{"userId":"dan"}\n{"name":"nobody"}\n')
  const second = await sync('--input', 'two.ndjson', '--to', 'Zaius', '--deliver')
  expect(second).toMatchObject({ code: 0, stdout: 'Zaius: 1 in, 2 out; 2 members\n' })
  expect(second.stderr).toMatch(/two.ndjson, line \d: neither userId nor anonymousId/)
  expect(audienceOf()).toEqual({ true: 2, false: 2 })
  expect(vendor.requestCount).toBeGreaterThan(before)
  const same = vendor.requestCount
  expect((await sync('--input', 'two.ndjson', '--to', 'Zaius', '--deliver')).stdout).toBe(
    'Zaius: 0 in, 0 out; 2 members\n',
  )
  expect(vendor.requestCount).toBe(same)

  const later = await sync('--input', 'one.csv', '--to', 'Later')
  expect(later.stdout).toBe(
    'Later: 3 in, 0 out; 3 members; sent from 1:00:00 h from now on\n3 changes of the trait "big_spenders" are in the store: "waybill work" or "waybill serve" delivers.\n',
  )
  expect(vendor.requestCount).toBe(same)

  files.write('empty.ndjson', '')
  files.write('wrong.csv', 'name\nAda\n')
  const messages = await Promise.all([
    sync('--input', 'empty.ndjson'),
    sync('--input', 'wrong.csv'),
    sync('--input', 'one.csv', '--to', 'Zaus'),
  ])
  expect(messages.map(({ code }) => code)).toEqual([2, 2, 2])
  expect(messages.map(({ stderr }) => stderr).join('')).toMatch(
    /everybody would leave the audience; pass --allow-empty[\s\S]*names nobody: give userId or anonymousId[\s\S]*no such connection; did you mean "Zaius"/,
  )
  expect((await sync('--input', 'empty.ndjson', '--allow-empty', '--to', 'Zaius', '--deliver')).stdout).toBe(
    'Zaius: 0 in, 2 out; 0 members\n',
  )
  expect(audienceOf()).toEqual({ true: 0, false: 4 })
  await vendor.close()
})
