import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { type Access, createToken } from 'waybill/console'
import { fileProblem } from '../input/file-problem'

export type AccessOptions = {
  readonly tokenFile?: string
  readonly hidePayloads: boolean
  readonly isLoopback: boolean
  readonly workingDirectory: string
}

/** Access to the console, or why it is off; `notes` are for the operator's eyes, once. */
export type OpenedAccess = { readonly access?: Access; readonly notes: readonly string[] }

/**
 * Reads the tokens of the console: the first line may do everything, the second reads. A file that is not there is made,
 * for its owner alone, and its token shown once.
 * @throws ConfigurationError where the file cannot be read or written.
 */
export function openAccess({
  tokenFile,
  hidePayloads,
  isLoopback,
  workingDirectory,
}: AccessOptions): OpenedAccess {
  const payloads = !hidePayloads
  if (tokenFile === undefined)
    return isLoopback
      ? { access: { payloads }, notes: [] }
      : {
          notes: [
            'The console is off, since it would be reached from other machines: name a file for its tokens with --console-token-file.',
          ],
        }
  const path = resolve(workingDirectory, tokenFile)
  try {
    const isNew = !existsSync(path)
    if (isNew) writeFileSync(path, `${createToken()}\n${createToken()}\n`, { mode: 0o600, flag: 'wx' })
    const [operate, read] = readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
    if (operate === undefined || operate.length < 16)
      throw new ConfigurationError(
        'INVALID_CONFIGURATION',
        `--console-token-file ${tokenFile}: its first line has to be a token of at least 16 characters`,
      )
    return {
      access: { payloads, tokens: { operate, ...(read !== undefined && { read }) } },
      notes: isNew
        ? [`Tokens of the console are in ${tokenFile}: the first may do everything, the second reads.`]
        : [],
    }
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `--console-token-file ${tokenFile}: ${fileProblem(error)}`,
      { cause: error },
    )
  }
}
