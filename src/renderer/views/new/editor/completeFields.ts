import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { EditorState } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'
import { plainText } from '../../../../shared/formatting/setSymbols.ts'
import type { SpecificationField } from '../../../../shared/specification/fields.ts'
import type { EditorFields } from './editorFields.ts'
import { namesIn, pathOf, textAt, treeOf } from './jsonTree.ts'

/** Names of the fields that belong into an object, and the values that a field may have. */
export function completeFields(known: EditorFields): (context: CompletionContext) => CompletionResult | null {
  return (context) => complete(context, known)
}

function complete(context: CompletionContext, known: EditorFields): CompletionResult | null {
  const { state, pos } = context
  const node = treeOf(state).resolveInner(pos, -1)
  const property = node.name === 'PropertyName' ? node.parent! : node.name === 'Property' ? node : null
  const colon = property ? state.sliceDoc(property.from, pos).search(/":\s*\S?/) : -1
  if (property && node.name !== 'PropertyName' && colon >= 0)
    return valuesFor(context, known.fieldAt(pathOf(state, property), state), pos, pos)
  if (isPlainValue(node) && ['Property', 'Array'].includes(node.parent?.name ?? '')) {
    return valuesFor(context, known.fieldAt(pathOf(state, node), state), node.from, node.to)
  }
  const object =
    node.name === 'Object' ? node : (property?.parent ?? (node.parent?.name === 'Object' ? node.parent : null))
  if (!object || object.name !== 'Object') return null
  const isNamed = node.name === 'PropertyName' || node.name === 'String' || node.name === '⚠'
  const from = isNamed && node.from < pos ? node.from : pos
  if (from === pos && !context.explicit) return null
  const options = namesFor(state, object, known).map((name) =>
    nameOption(known.fieldAt(join(pathOf(state, object), name), state), name),
  )
  return { from, to: isNamed ? Math.max(pos, node.to) : pos, options, validFor: /^"?[\w.]*"?$/ }
}

/** Fields whose kinds fit what the text says, without those that are there. */
function namesFor(state: EditorState, object: SyntaxNode, { fields, isOffered }: EditorFields): string[] {
  const path = pathOf(state, object)
  const general = path.replaceAll(/\.\d+(?=\.|$)/g, '[]')
  const start = general === '' ? '' : `${general}.`
  const there = new Set(namesIn(state, object))
  const fits = ({ where }: SpecificationField) =>
    where.some((set) =>
      set.every((condition) => {
        const own = condition.path.replace(general, path)
        const said = textAt(state, own) ?? String(fields.find((field) => field.path === condition.path)?.fallback ?? '')
        return said === condition.value
      }),
    )
  const names = fields
    .filter((field) => field.path.startsWith(start) && !field.words.isFound && fits(field))
    .map((field) => field.path.slice(start.length).split('.')[0]!.replace('[]', ''))
  return [...new Set(names)].filter((name) => name !== '' && !there.has(name) && isOffered(general, name, there))
}

function nameOption(field: SpecificationField | undefined, name: string): Completion {
  return {
    label: `"${name}"`,
    type: 'property',
    detail: field?.words.label ?? '',
    ...(field ? { info: plainText(field.words.help) } : {}),
    apply: (view, _, from, to) => {
      const hasColon = /^\s*:/.test(view.state.sliceDoc(to, to + 10))
      const insert = hasColon ? `"${name}"` : `"${name}": ${firstValue(name, field)}`
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + insert.length },
        userEvent: 'input.complete',
      })
    },
  }
}

/** What stands in a new field until another value is typed. */
function firstValue(name: string, field: SpecificationField | undefined): string {
  if (!field) return '{}'
  if (field.type === 'kind' && name !== 'kind')
    return `{ "kind": ${JSON.stringify(field.fallback ?? field.choices[0])} }`
  if (field.type === 'part') return '{}'
  if (field.type === 'switch') return 'true'
  const value = field.fallback ?? field.words.example ?? field.choices[0]
  return value === undefined ? (field.type === 'list' ? '[]' : '') : JSON.stringify(value)
}

function valuesFor(
  context: CompletionContext,
  field: SpecificationField | undefined,
  from: number,
  to: number,
): CompletionResult | null {
  if (!field || (from === to && !context.explicit)) return null
  const { words, choices, fallback } = field
  const numbers = [fallback, words.example].filter((value) => typeof value === 'number' || typeof value === 'boolean')
  const options = [
    ...choices.map((value) => ({
      label: field.type === 'switch' ? value : JSON.stringify(value),
      type: 'enum',
      detail: words.choices?.[value] ?? '',
    })),
    ...[...new Set(numbers)].map((value) => ({
      label: String(value),
      type: 'constant',
      detail: value === fallback ? 'default' : '',
    })),
  ]
  return options.length === 0 ? null : { from, to, options, validFor: /^"?[\w.^/-]*"?$/ }
}

function isPlainValue({ name }: SyntaxNode): boolean {
  return ['String', 'Number', 'True', 'False', 'Null'].includes(name)
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
