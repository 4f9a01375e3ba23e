import type { JsonMistake } from '../../../../shared/jsonMistake.ts'
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { Annotation, EditorState } from '@codemirror/state'
import { drawSelection, EditorView, hoverTooltip, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { formatGiven } from '../../../../shared/formatting/formatNumber.ts'
import { plainText } from '../../../../shared/formatting/setSymbols.ts'
import type { SpecificationProblem } from '../../../../shared/parseInput.ts'
import { describeBounds } from '../../../../shared/specification/bounds.ts'
import { problemText } from '../wizardSections.ts'
import { completeFields } from './completeFields.ts'
import type { EditorFields } from './editorFields.ts'
import { pathOf, rangeOf, treeOf } from './jsonTree.ts'

export interface SpecificationEditor {
  setText(text: string): void
  /** What is wrong with the text: that it is no JSON, or else which fields are wrong. */
  setProblems(mistake: JsonMistake | null, problems: readonly SpecificationProblem[]): void
  /** Takes the keyboard, at the end of its text. */
  focus(): void
  destroy(): void
}

export interface EditorOptions {
  text: string
  label: string
  /** What its fields are. */
  known: EditorFields
  onChange: (text: string) => void
}

const fromOutside = Annotation.define<boolean>()

/**
 * A JSON editor that knows the specification, of an experiment or a sweep: names and values are completed, fields explained under the pointer, and
 * marked where they are wrong. It lives in a shadow root, whose styles are adopted: the page's content policy lets no
 * other be made by a script.
 */
export function createSpecificationEditor(
  host: HTMLElement,
  { text, label, known, onChange }: EditorOptions,
): SpecificationEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentUnit.of('  '),
        bracketMatching(),
        closeBrackets(),
        json(),
        autocompletion({ override: [completeFields(known)], icons: false }),
        hoverTooltip((view, at) => explainField(view, at, known)),
        lintGutter(),
        syntaxHighlighting(highlightStyle),
        theme,
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          const isOutside = update.transactions.some((transaction) => transaction.annotation(fromOutside))
          if (update.docChanged && !isOutside) onChange(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    setText(next) {
      if (next === view.state.doc.toString()) return
      const changes = { from: 0, to: view.state.doc.length, insert: next }
      view.dispatch({ changes, annotations: fromOutside.of(true) })
    },
    setProblems(mistake, problems) {
      view.dispatch(
        setDiagnostics(
          view.state,
          mistake ? [atMistake(view.state, mistake)] : problems.map((problem) => atField(view.state, problem)),
        ),
      )
    },
    focus() {
      view.dispatch({ selection: { anchor: view.state.doc.length } })
      view.focus()
    },
    destroy: () => view.destroy(),
  }
}

function atMistake(state: EditorState, { at, message }: JsonMistake): Diagnostic {
  const from = Math.min(at, state.doc.length)
  return { from, to: Math.min(from + 1, state.doc.length), severity: 'error', message }
}

/** A field that is missing is marked where it belongs. */
function atField(state: EditorState, problem: SpecificationProblem): Diagnostic {
  const range = rangeOf(state, problem.path)
  const isMissing = problem.value === undefined
  return { ...range, severity: 'error', message: isMissing ? problem.message : problemText(problem) }
}

function explainField(view: EditorView, at: number, { fieldAt }: EditorFields) {
  const node = treeOf(view.state).resolveInner(at, 0)
  const path = pathOf(view.state, node)
  const field = path === '' ? undefined : fieldAt(path, view.state)
  if (!field) return null
  const { words, bounds, fallback, choices } = field
  const named = choices.map((value) => (words.choices?.[value] ? `${value}: ${words.choices[value]}` : value))
  const lines = [
    plainText(words.help),
    describeBounds(bounds, formatGiven),
    named.join('; '),
    fallback === undefined || typeof fallback === 'object' ? '' : `default ${String(fallback)}`,
  ]
  return {
    pos: node.from,
    end: node.to,
    above: true,
    create() {
      const dom = document.createElement('div')
      dom.className = 'explained'
      const title = document.createElement('strong')
      title.textContent = words.symbol ? `${words.label} ${plainText(words.symbol)}` : words.label
      const rest = lines.filter(Boolean).map((line) => {
        const paragraph = document.createElement('p')
        paragraph.textContent = line
        return paragraph
      })
      dom.append(title, ...rest)
      return { dom }
    },
  }
}

const highlightStyle = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--text)' },
  { tag: tags.string, color: 'var(--d1t)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--d5t)' },
])

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'transparent', fontSize: '11.5px' },
  '&.cm-focused': { outline: 'none', boxShadow: 'inset 2px 0 0 var(--accent)' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '17px', scrollbarWidth: 'thin' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '0 0 17px' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { background: 'var(--accent-wash) !important' },
  // Of the pane's color: long lines pass behind it.
  '.cm-gutters': { color: 'var(--text-3)', backgroundColor: 'var(--surface-2)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '30px' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-wash)', outline: 'none' },
  '.cm-lintRange-error': {
    backgroundColor: 'var(--error-wash)',
    backgroundImage: 'none',
    borderBottom: '1.5px solid var(--error)',
  },
  '.cm-lint-marker-error': {
    content: '"●"',
    color: 'var(--error)',
    fontSize: '9px',
    lineHeight: '17px',
    textAlign: 'center',
  },
  '.cm-tooltip': {
    maxWidth: '320px',
    border: '1px solid var(--line-2)',
    borderRadius: '6px',
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    boxShadow: 'var(--shadow)',
    fontFamily: 'var(--font)',
    fontSize: '12px',
    lineHeight: '16px',
  },
  '.cm-tooltip .explained': { padding: '8px 10px' },
  '.cm-tooltip .explained p': { margin: '4px 0 0', color: 'var(--text-2)' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: '3px solid var(--error)', whiteSpace: 'normal' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    maxHeight: '220px',
    fontFamily: 'var(--font-mono)',
    fontSize: '11.5px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { color: 'var(--text)', backgroundColor: 'var(--accent-wash)' },
  '.cm-completionDetail': { color: 'var(--text-3)', fontFamily: 'var(--font)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { color: 'var(--accent)', textDecoration: 'none' },
})
