import { useState } from 'preact/hooks'
import { type ApiFailure, post } from '../data/api'
import { Mark } from '../parts/icon'
import { capital } from '../words/format'

/** Signing in with the token that the server showed when it started. */
export function LoginScreen({ onDone }: { readonly onDone: () => void }) {
  const [token, setToken] = useState('')
  const [problem, setProblem] = useState('')
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    try {
      await post('/api/session', { token: token.trim() })
      onDone()
    } catch (error) {
      setProblem((error as ApiFailure).message)
      setToken('')
    }
  }
  return (
    <main class="login" id="content">
      <form onSubmit={submit}>
        <div class="brand">
          <Mark /> waybill
        </div>
        <h1>This console needs a token.</h1>
        <p class="muted">
          It is in the file that the server was started with (--console-token-file). It stays on this machine
          as a cookie until the evening.
        </p>
        <label class="field">
          <input
            type="password"
            name="token"
            aria-label="Token"
            placeholder="Token"
            autocomplete="current-password"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <p role="alert" class="rejected">
          {problem !== '' && `${capital(problem)}.`}
        </p>
        <button type="submit" class="button primary wide" disabled={token.trim() === ''}>
          Sign in
        </button>
      </form>
    </main>
  )
}
