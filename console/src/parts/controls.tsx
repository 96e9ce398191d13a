import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { say } from '../data/toast'
import { Icon, type IconName } from './icon'

type ButtonProps = {
  readonly children: ComponentChildren
  readonly icon?: IconName
  readonly kind?: 'primary' | 'quiet' | 'danger'
  readonly href?: string
  readonly onClick?: () => void
  readonly disabled?: boolean
  readonly title?: string
  readonly class?: string
  readonly download?: boolean
}

/** A button, or a link that looks like one. */
export function Button({
  children,
  icon,
  kind,
  href,
  onClick,
  disabled,
  title,
  class: more = '',
  download,
}: ButtonProps) {
  const className = `button ${kind ?? ''} ${more}`
  const content = (
    <>
      {icon && <Icon name={icon} />}
      {children}
    </>
  )
  if (href !== undefined)
    return (
      <a class={className} href={href} title={title} {...(download && { download: '' })}>
        {content}
      </a>
    )
  return (
    <button type="button" class={className} onClick={onClick} disabled={disabled} title={title}>
      {content}
    </button>
  )
}

export const IconButton = ({
  icon,
  label,
  onClick,
}: {
  readonly icon: IconName
  readonly label: string
  readonly onClick: () => void
}) => (
  <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
    <Icon name={icon} />
  </button>
)

/** One of a few. */
export function Segments<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string
  readonly value: Value
  readonly options: readonly (readonly [Value, ComponentChildren])[]
  readonly onChange: (value: Value) => void
}) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map(([key, text]) => (
        <button type="button" key={key} aria-pressed={key === value} onClick={() => onChange(key)}>
          {text}
        </button>
      ))}
    </div>
  )
}

/** A field to search or filter with; Enter and a pause of typing apply it. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  id,
}: {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly id?: string
}) {
  const [text, setText] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setText(value), [value])
  const apply = (next: string): void => {
    clearTimeout(timer.current)
    onChange(next.trim())
  }
  return (
    <label class="field">
      <Icon name="search" />
      <input
        id={id}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        spellcheck={false}
        autocomplete="off"
        data-filter=""
        onInput={(event) => {
          const next = event.currentTarget.value
          setText(next)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => apply(next), 300)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply(text)
          if (event.key === 'Escape' && text !== '') {
            event.stopPropagation()
            setText('')
            apply('')
          }
        }}
      />
    </label>
  )
}

/** Copies a text, and says so. */
export const CopyButton = ({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) => (
  <IconButton
    icon="copy"
    label={label}
    onClick={() => {
      navigator.clipboard?.writeText(text).then(
        () => say('Copied.'),
        () => say('The browser does not allow to copy.'),
      )
    }}
  />
)

/** A menu behind a button. */
export function Menu({
  label,
  text,
  children,
}: {
  readonly label: string
  /** Shown in place of three dots. */
  readonly text?: string
  readonly children: (close: () => void) => ComponentChildren
}) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isOpen) return
    const close = (event: Event): void => {
      if (
        event instanceof KeyboardEvent
          ? event.key === 'Escape'
          : !root.current?.contains(event.target as Node)
      ) {
        setOpen(false)
        if (event instanceof KeyboardEvent) root.current?.querySelector('button')?.focus()
      }
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', close)
    }
  }, [isOpen])
  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        class={text === undefined ? 'icon-button' : 'button quiet'}
        aria-label={label}
        title={label}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {text ?? <Icon name="more" />}
      </button>
      {isOpen && <div>{children(() => setOpen(false))}</div>}
    </div>
  )
}
