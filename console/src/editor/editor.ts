import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json, jsonParseLinter } from '@codemirror/lang-json'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language'
import { linter } from '@codemirror/lint'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export type EditorOptions = {
  readonly host: HTMLElement
  readonly value: string
  readonly label: string
  readonly onChange: (value: string) => void
  /** ⌘Enter. */
  readonly onSend: () => void
  readonly completions: () => Completions
  readonly isReadOnly?: boolean
}

/** What can be written where. */
export type Completions = {
  readonly fields: readonly {
    readonly key: string
    readonly label: string
    readonly isRequired: boolean
    readonly type: string
  }[]
  readonly paths: readonly string[]
  /** False in an event, which has no directives. */
  readonly isMapping: boolean
}

export type Editor = { set(value: string): void; focus(): void; destroy(): void }

const directives = [
  '@path',
  '@template',
  '@if',
  '@literal',
  '@case',
  '@replace',
  '@arrayPath',
  '@json',
  '@flatten',
  '@merge',
  '@transform',
  '@excludeWhenNull',
  '@liquid',
]

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--text)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: tags.number, color: 'var(--retry)' },
  { tag: [tags.bool, tags.null], color: 'var(--unknown)' },
  { tag: tags.punctuation, color: 'var(--muted)' },
])

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--panel)', color: 'var(--muted)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    lineHeight: '1.63',
    fontFeatureSettings: '"liga" 0, "calt" 0',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--faint)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 9px 0 4px', minWidth: '28px' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 22%, transparent) !important',
  },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 16%, transparent) !important',
    outline: 'none',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
    borderRadius: '7px',
    boxShadow: 'var(--float)',
    fontFamily: 'var(--sans)',
  },
  '.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px !important', fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent) !important',
    color: 'var(--on-accent) !important',
  },
  '.cm-matchingBracket': { backgroundColor: 'transparent' },
  '.cm-completionDetail': { fontFamily: 'var(--sans)', fontStyle: 'normal !important', opacity: '0.7' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--rejected) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--rejected)' },
})

/** Fields as keys of the mapping, directives, and paths of the event within texts. */
function complete(
  context: CompletionContext,
  { fields, paths, isMapping }: Completions,
): CompletionResult | null {
  const node = syntaxTree(context.state).resolveInner(context.pos, -1)
  const before = context.matchBefore(/"[^"]*/)
  const isText = node.name === 'String' || node.name === 'PropertyName' || before !== null
  const from = before === null ? context.pos : before.from + 1
  const typed = before === null ? '' : before.text.slice(1)
  if (!isText && !context.explicit) return null
  const quote = before === null ? '"' : ''
  const option = (label: string, more: Partial<Completion>): Completion => ({
    label,
    ...(quote && { apply: `"${label}"` }),
    ...more,
  })
  if (typed.startsWith('$') || (isMapping && node.name === 'String'))
    return {
      from,
      options: paths.map((path) => option(`$.${path}`, { type: 'property' })),
      validFor: /^\$?[\w.$[\]]*$/,
    }
  if (!isMapping) return null
  const isTop = depthOf(node) <= 1
  return {
    from,
    options: [
      ...(isTop
        ? fields.map(({ key, label, type, isRequired }) =>
            option(key, {
              detail: `${label}, ${type}${isRequired ? ', required' : ''}`,
              type: 'property',
              boost: isRequired ? 1 : 0,
            }),
          )
        : []),
      ...directives.map((directive) => option(directive, { type: 'keyword', boost: isTop ? -1 : 1 })),
    ],
    validFor: /^[@\w]*$/,
  }
}

function depthOf(node: { readonly name: string; readonly parent: typeof node | null }): number {
  let depth = 0
  for (let each: typeof node | null = node; each !== null; each = each.parent)
    if (each.name === 'Object') depth += 1
  return depth
}

/** Opens an editor in a shadow root, so that its styles need no permission of the page's policy. */
export function openEditor({
  host,
  value,
  label,
  onChange,
  onSend,
  completions,
  isReadOnly = false,
}: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  root.replaceChildren()
  const editable = new Compartment()
  const extensions: Extension[] = [
    lineNumbers(),
    history(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    json(),
    linter(jsonParseLinter(), { delay: 150 }),
    autocompletion({ override: [(context) => complete(context, completions())], icons: false }),
    syntaxHighlighting(colors),
    theme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    keymap.of([
      {
        key: 'Mod-Enter',
        run: () => {
          onSend()
          return true
        },
      },
      // Escape lets the keyboard leave the editor: the next Tab goes on.
      {
        key: 'Escape',
        run: (view) => {
          view.contentDOM.blur()
          host.focus()
          return true
        },
      },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
    editable.of(EditorState.readOnly.of(isReadOnly)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !isSetting) onChange(update.state.doc.toString())
    }),
  ]
  let isSetting = false
  const view = new EditorView({ state: EditorState.create({ doc: value, extensions }), parent: root, root })
  return {
    set(text) {
      if (view.state.doc.toString() === text) return
      isSetting = true
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
      isSetting = false
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}
