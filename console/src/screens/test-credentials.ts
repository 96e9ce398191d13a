import { post } from '../data/api'
import { say, sayFailure } from '../data/toast'

type Result = { readonly ok: boolean; readonly message?: string }

/** Asks the destination whether the credentials work, and says what it said. */
export async function testCredentials(connection: string): Promise<Result | undefined> {
  try {
    const result = await post<Result>(`/api/connections/${encodeURIComponent(connection)}/test`)
    say(
      result.ok
        ? `The credentials of ${connection} work.`
        : `The credentials of ${connection} do not work: ${result.message ?? 'no reason was given'}`,
    )
    return result
  } catch (error) {
    sayFailure(error)
    return undefined
  }
}
