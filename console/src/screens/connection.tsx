import { useEffect, useState } from 'preact/hooks'
import type { ConnectionDetail } from '../../../src/console/shapes'
import { type ApiFailure, post } from '../data/api'
import { now } from '../data/now'
import { useResource } from '../data/resource'
import { connectionPath } from '../data/router'
import { hasFeature, may } from '../data/session'
import { lastConnection, want } from '../data/stream'
import { say, sayFailure } from '../data/toast'
import { Button, Menu } from '../parts/controls'
import { Dialog } from '../parts/dialog'
import { Screen } from '../parts/frame'
import { Icon } from '../parts/icon'
import { Failure, Skeleton } from '../parts/states'
import { clock, clockSeconds, plural, span } from '../words/format'
import { Credentials } from './credentials'
import { Lanes } from './lanes'
import { NotFoundScreen } from './not-found'
import { Outcomes } from './outcomes'
import { Settings } from './settings'
import { Subscriptions } from './subscriptions'
import { testCredentials } from './test-credentials'

const tabs = ['lanes', 'outcomes', 'subscriptions', 'settings', 'credentials'] as const
type Tab = (typeof tabs)[number]

/** Why a connection waits, and for whom. */
export function ConnectionScreen({ name, tab: given }: { readonly name: string; readonly tab?: string }) {
  const tab: Tab = tabs.find((each) => each === given) ?? 'lanes'
  const read = useResource<ConnectionDetail>(`/api/connections/${encodeURIComponent(name)}`)
  const [problems, setProblems] = useState<ApiFailure | undefined>(undefined)
  useEffect(() => want(`connection:${name}`), [name])
  const detail =
    lastConnection.value?.name === name
      ? lastConnection.value
      : read.data?.name === name
        ? read.data
        : undefined
  if (read.error?.status === 404 && detail === undefined) {
    const meant = /did you mean "([^"]+)"/.exec(read.error.message)?.[1]
    return (
      <NotFoundScreen
        what={`There is no connection ${name}.`}
        {...(meant && { nearest: [meant, connectionPath(meant)] as const })}
      />
    )
  }
  const act = async (what: 'pause' | 'resume' | 'try-now'): Promise<void> => {
    try {
      await post(`/api/connections/${encodeURIComponent(name)}/${what}`)
      say(
        what === 'pause'
          ? `${name} is paused. Events wait.`
          : what === 'resume'
            ? `${name} sends again.`
            : 'It is tried now.',
      )
      read.reload()
    } catch (error) {
      sayFailure(error)
    }
  }
  const reload = async (): Promise<void> => {
    try {
      const { changed } = await post<{ changed: readonly string[] }>('/api/configuration/reload')
      say(
        changed.length === 0
          ? 'The configuration was read again. Nothing changed.'
          : `The configuration was read again: ${changed.join(', ')}.`,
      )
      read.reload()
    } catch (error) {
      setProblems(error as ApiFailure)
    }
  }
  return (
    <Screen
      title={name}
      parent={['Connections', '/#connections']}
      actions={detail && <Actions detail={detail} act={act} reload={reload} />}
    >
      <h1 class="visually-hidden">{name}</h1>
      {read.error && detail === undefined && (
        <Failure what="The connection" error={read.error} onRetry={read.reload} />
      )}
      {detail === undefined && !read.error && <Skeleton lines={8} />}
      {detail && (
        <>
          <Banner detail={detail} act={act} reload={reload} />
          <div class="tab-row">
            <nav class="segments" aria-label="Parts of the connection">
              {tabs.map((each) => (
                <a
                  key={each}
                  href={connectionPath(name, each === 'lanes' ? undefined : each)}
                  aria-current={each === tab ? 'page' : undefined}
                >
                  {each === 'lanes' && !detail.ordered
                    ? 'Queue'
                    : each.charAt(0).toUpperCase() + each.slice(1)}
                </a>
              ))}
            </nav>
            <span class="muted wide-only">{hints(detail)[tab]}</span>
          </div>
          {tab === 'lanes' && <Lanes detail={detail} />}
          {tab === 'outcomes' && <Outcomes name={name} />}
          {tab === 'subscriptions' && <Subscriptions detail={detail} />}
          {tab === 'settings' && <Settings detail={detail} />}
          {tab === 'credentials' && <Credentials detail={detail} onTested={read.reload} />}
        </>
      )}
      {problems && (
        <Dialog title="The configuration has problems" onClose={() => setProblems(undefined)}>
          <div class="inner">
            <h2>The configuration has problems, so nothing changed.</h2>
            <ul class="problems">
              {(problems.problems ?? [{ path: '', message: problems.message }]).map(({ path, message }) => (
                <li key={`${path}${message}`}>
                  {path && <code>{path}</code>} {message}
                </li>
              ))}
            </ul>
            <div class="buttons">
              <Button onClick={() => setProblems(undefined)}>Close</Button>
            </div>
          </div>
        </Dialog>
      )}
    </Screen>
  )
}

const hints = ({ ordered }: ConnectionDetail): Readonly<Record<Tab, string>> => ({
  lanes: ordered
    ? 'Events of one person are sent one after the other. Each person is a lane.'
    : 'This connection keeps no order: events are sent as places become free.',
  outcomes: 'What ended here, and attempts that will be made again.',
  subscriptions: 'Which events go through which action, and how their payload is made.',
  settings: 'Read only: the configuration file is the truth.',
  credentials: 'Whether the destination accepts the credentials.',
})

type ActionProps = {
  readonly detail: ConnectionDetail
  readonly act: (what: 'pause' | 'resume' | 'try-now') => void
  readonly reload: () => void
}

function Actions({ detail, act, reload }: ActionProps) {
  if (!may('operate')) return null
  return (
    <>
      {detail.pause ? (
        <Button icon="play" onClick={() => act('resume')}>
          Resume
        </Button>
      ) : (
        <Button icon="pause" onClick={() => act('pause')}>
          Pause
        </Button>
      )}
      <Menu label="More actions">
        {(close) => (
          <>
            <button
              type="button"
              class="item"
              onClick={() => {
                close()
                void testCredentials(detail.name)
              }}
            >
              <Icon name="key" /> Test the credentials
            </button>
            {hasFeature('reload') && (
              <button
                type="button"
                class="item"
                onClick={() => {
                  close()
                  reload()
                }}
              >
                <Icon name="again" /> Reload the configuration
              </button>
            )}
            <a
              class="item"
              href={`/api/dead/export?connection=${encodeURIComponent(detail.name)}`}
              download=""
            >
              <Icon name="download" /> Download its dead letters
            </a>
            {detail.audit.length > 0 && (
              <div class="audit">
                {detail.audit.slice(0, 6).map(({ at, who, what }) => (
                  <div key={`${at}${what}`}>
                    <span class="muted">{clock(at)}</span> {who} {what}
                  </div>
                ))}
              </div>
            )}
          </>
        )}
      </Menu>
    </>
  )
}

function Banner({ detail, act, reload }: ActionProps) {
  const { block, pause, waiting, name } = detail
  if (pause)
    return (
      <div class="notice tint skipped-tone">
        <Icon name="pause" />
        <div class="body">
          <strong>Nothing is sent while this connection is paused</strong>
          <p>
            Paused by {pause.by} at {clock(pause.since)}.{' '}
            {waiting > 0
              ? `${plural(waiting, 'event')} ${waiting === 1 ? 'waits' : 'wait'}.`
              : 'Events that come in wait.'}
          </p>
        </div>
        {may('operate') && (
          <div class="buttons">
            <Button kind="primary" icon="play" onClick={() => act('resume')}>
              Resume
            </Button>
          </div>
        )}
      </div>
    )
  if (!block) return null
  const left = block.until === undefined ? 0 : Date.parse(block.until) - now.value
  const next = left > 0 ? `it is tried again in ${span(left)}` : 'it is tried again at once'
  return (
    <div class="notice tint blocked-tone" role="alert">
      <Icon name="lock" />
      <div class="body">
        <strong>The credentials are refused, so nothing is sent</strong>
        <p>
          {name} answered {block.status ?? ''}
          {/^the destination answered/.test(block.message) ? '' : ` “${block.message}”`} at{' '}
          {clockSeconds(block.since)}.{' '}
          {block.variables.length > 0 ? (
            <>
              Set{' '}
              {block.variables.map((variable) => (
                <code key={variable}>{variable} </code>
              ))}{' '}
              and reload the configuration, or wait: {next}.
            </>
          ) : (
            <>Mend the settings and reload the configuration, or wait: {next}.</>
          )}
        </p>
      </div>
      {may('operate') && (
        <div class="buttons">
          {hasFeature('reload') && <Button onClick={reload}>Reload configuration</Button>}
          <Button kind="primary" icon="key" onClick={() => void testCredentials(name)}>
            Test the key
          </Button>
        </div>
      )}
    </div>
  )
}
