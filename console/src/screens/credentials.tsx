import { useState } from 'preact/hooks'
import type { ConnectionDetail } from '../../../src/console/shapes'
import { now } from '../data/now'
import { may } from '../data/session'
import { Button } from '../parts/controls'
import { Icon } from '../parts/icon'
import { ago, capital, exact } from '../words/format'
import { testCredentials } from './test-credentials'

/** Whether the credentials work. */
export function Credentials({
  detail,
  onTested,
}: {
  readonly detail: ConnectionDetail
  readonly onTested: () => void
}) {
  const { authentication, name } = detail
  const [isTesting, setTesting] = useState(false)
  const { last } = authentication
  const test = async (): Promise<void> => {
    setTesting(true)
    await testCredentials(name)
    setTesting(false)
    onTested()
  }
  return (
    <section class="panel">
      <dl class="facts roomy">
        <dt>Scheme</dt>
        <dd>{authentication.scheme}</dd>
        <dt>Last test</dt>
        <dd>
          {last === undefined ? (
            <span class="muted">not tested since the start</span>
          ) : (
            <span class={`kind ${last.ok ? 'delivered' : 'blocked'}`} title={exact(last.at)}>
              <Icon name={last.ok ? 'check' : 'lock'} />{' '}
              {last.ok ? 'They work' : `They do not work${last.message ? `: ${last.message}` : ''}`},{' '}
              {ago(last.at, now.value)}
            </span>
          )}
        </dd>
        {authentication.expires && (
          <>
            <dt>Access token</dt>
            <dd>ends {ago(authentication.expires, now.value)}; it is renewed by itself</dd>
          </>
        )}
      </dl>
      <div class="buttons-row padded">
        {authentication.canBeTested ? (
          may('operate') && (
            <Button kind="primary" icon="key" onClick={test} disabled={isTesting}>
              {isTesting ? 'Testing' : 'Test now'}
            </Button>
          )
        ) : (
          <p class="muted">
            {capital('this destination offers no way to test credentials; the first delivery tells.')}
          </p>
        )}
      </div>
    </section>
  )
}
