import { ensureSyntaxTree, syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { SyntaxNode, Tree } from '@lezer/common'
import { presentName } from '../../../../shared/formerNames.ts'

/** Milliseconds that a text may take to be parsed; a specification takes one. */
const parsingTime = 2000

/** The whole text's; the state's own ends where its first 20 ms of parsing did, which on a busy machine is nowhere. */
export function treeOf(state: EditorState): Tree {
  return ensureSyntaxTree(state, state.doc.length, parsingTime) ?? syntaxTree(state)
}

/** The path of a value, a property or its name in a JSON text: `dynamics.integrator.stepSize`, `interventions.0.at`. */
export function pathOf(state: EditorState, node: SyntaxNode): string {
  const keys: string[] = []
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name === 'Property') keys.unshift(nameOf(state, at))
    else if (at.parent?.name === 'Array') keys.unshift(String(placeAmong(at)))
  }
  return keys.join('.')
}

/** Where the value at a path stands, or where it would belong: the property of its nearest parent that is there. */
export function rangeOf(state: EditorState, path: string): { from: number; to: number } {
  let node: SyntaxNode | null = treeOf(state).topNode.firstChild
  let name: SyntaxNode | null = null
  for (const key of path.split('.')) {
    const member: SyntaxNode | null = node && memberAt(state, node, key)
    if (!member) break
    name = member.name === 'Property' ? member.firstChild : member
    node = member.name === 'Property' ? member.lastChild : member
  }
  const isPlain = node !== null && !['Object', 'Array'].includes(node.name) && node !== name
  const found = isPlain ? node! : (name ?? node)
  return found ? { from: found.from, to: Math.max(found.to, found.from) } : { from: 0, to: 0 }
}

/** The value of a string, or the text of any other plain value, at a path; undefined where there is none. */
export function textAt(state: EditorState, path: string): string | undefined {
  let node: SyntaxNode | null = treeOf(state).topNode.firstChild
  for (const key of path.split('.')) {
    const member: SyntaxNode | null = node && memberAt(state, node, key)
    node = member?.name === 'Property' ? member.lastChild : (member ?? null)
  }
  if (!node || ['Object', 'Array', 'PropertyName', '⚠'].includes(node.name)) return undefined
  return state.sliceDoc(node.from, node.to).replace(/^"|"$/g, '')
}

/** The names that an object has already. */
export function namesIn(state: EditorState, object: SyntaxNode): string[] {
  return object.getChildren('Property').map((property) => nameOf(state, property))
}

function memberAt(state: EditorState, node: SyntaxNode, key: string): SyntaxNode | null {
  if (node.name === 'Array') return valuesOf(node)[Number(key)] ?? null
  return node.getChildren('Property').find((property) => nameOf(state, property) === key) ?? null
}

/** That of today, also where an older one is written. */
function nameOf(state: EditorState, property: SyntaxNode): string {
  const name = property.getChild('PropertyName')
  return name ? presentName(state.sliceDoc(name.from, name.to).replace(/^"|"$/g, '')) : ''
}

function placeAmong(value: SyntaxNode): number {
  return valuesOf(value.parent!).findIndex(({ from }) => from === value.from)
}

function valuesOf(array: SyntaxNode): SyntaxNode[] {
  const values: SyntaxNode[] = []
  for (let child = array.firstChild; child; child = child.nextSibling) {
    if (!['[', ']', ','].includes(child.name)) values.push(child)
  }
  return values
}
