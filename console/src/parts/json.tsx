import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

const maxItems = 200

function Value({ value, indent }: { readonly value: unknown; readonly indent: number }): ComponentChildren {
  if (typeof value === 'string') return <span class="text">{JSON.stringify(value)}</span>
  if (typeof value === 'number') return <span class="number">{String(value)}</span>
  if (typeof value !== 'object' || value === null) return <span class="word">{String(value)}</span>
  return <Group value={value} indent={indent} />
}

function Group({ value, indent }: { readonly value: object; readonly indent: number }) {
  const [most, setMost] = useState(maxItems)
  const [isOpen, setOpen] = useState(indent < 12)
  const isList = Array.isArray(value)
  const entries = Object.entries(value)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (entries.length === 0) return <>{`${open}${close}`}</>
  const space = '  '.repeat(indent + 1)
  if (!isOpen)
    return (
      <>
        {open}
        <button type="button" class="fold" onClick={() => setOpen(true)}>{`… ${entries.length}`}</button>
        {close}
      </>
    )
  return (
    <>
      {`${open}\n`}
      {entries.slice(0, most).map(([key, item], index) => (
        <span key={key}>
          {space}
          {!isList && (
            <>
              <span class="key">{JSON.stringify(key)}</span>
              {': '}
            </>
          )}
          <Value value={item} indent={indent + 1} />
          {index < entries.length - 1 ? ',\n' : '\n'}
        </span>
      ))}
      {entries.length > most && (
        <>
          {space}
          <button
            type="button"
            class="fold"
            onClick={() => setMost(most * 10)}
          >{`and ${entries.length - most} more`}</button>
          {'\n'}
        </>
      )}
      {'  '.repeat(indent)}
      {close}
    </>
  )
}

/** JSON with colors. What is large is folded. */
export const Json = ({ value }: { readonly value: unknown }) => (
  <pre class="json" tabIndex={0}>
    <Value value={value} indent={0} />
  </pre>
)

/** A body: as JSON where it is some, else as it is. */
export function Body({ text }: { readonly text: string | undefined }) {
  if (text === undefined || text === '') return <p class="json faint">nothing</p>
  try {
    return <Json value={JSON.parse(text)} />
  } catch {
    return (
      <pre class="json" tabIndex={0}>
        {text}
      </pre>
    )
  }
}
