import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from './controls'

/** A dialog that gives the focus back to where it came from. */
export function Dialog({
  title,
  onClose,
  children,
  class: className,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly class?: string
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    dialog.current?.showModal()
    return () => before?.focus?.()
  }, [])
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      {children}
    </dialog>
  )
}

/** Asks before something that cannot be taken back. `typed`: what has to be typed first. */
export function Confirm({
  title,
  children,
  action,
  typed,
  isDanger,
  onConfirm,
  onClose,
}: {
  readonly title: string
  readonly children: ComponentChildren
  readonly action: string
  readonly typed?: string
  readonly isDanger?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}) {
  const [text, setText] = useState('')
  const isReady = typed === undefined || text.replaceAll(/[,\s]/g, '') === typed
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="inner"
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) onConfirm()
        }}
      >
        <h2>{title}</h2>
        <div class="muted">{children}</div>
        {typed !== undefined && (
          <label class="field">
            <input
              aria-label={`Type ${typed} to confirm`}
              placeholder={`Type ${typed}`}
              value={text}
              autocomplete="off"
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
        )}
        <div class="buttons">
          <Button onClick={onClose}>Cancel</Button>
          <button type="submit" class={`button ${isDanger ? 'danger' : 'primary'}`} disabled={!isReady}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
