import { useEffect, useRef } from 'preact/hooks'
import type { Completions, Editor } from '../editor/editor'

/** JSON that is edited. The editor comes in a part of its own; until then, and without it, a plain field does. */
export function EditorField({
  label,
  value,
  onChange,
  onSend,
  completions,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onSend: () => void
  readonly completions: Completions
}) {
  const host = useRef<HTMLDivElement>(null)
  const plain = useRef<HTMLTextAreaElement>(null)
  const editor = useRef<Editor | undefined>(undefined)
  const latest = useRef({ value, onChange, onSend, completions })
  latest.current = { value, onChange, onSend, completions }
  useEffect(() => {
    let isGone = false
    import('../editor/editor').then(
      ({ openEditor }) => {
        if (isGone || host.current === null) return
        plain.current?.remove()
        editor.current = openEditor({
          host: host.current,
          label,
          value: latest.current.value,
          onChange: (text) => latest.current.onChange(text),
          onSend: () => latest.current.onSend(),
          completions: () => latest.current.completions,
        })
      },
      () => undefined,
    )
    return () => {
      isGone = true
      editor.current?.destroy()
      editor.current = undefined
    }
  }, [label])
  useEffect(() => editor.current?.set(value), [value])
  return (
    <div class="editor" ref={host} tabIndex={-1}>
      <textarea
        ref={plain}
        aria-label={label}
        value={value}
        spellcheck={false}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  )
}
