import { printable } from '../printable.ts'

/** An element of a drawing, or words in it. */
export type SvgNode = { tag: string; attributes: Record<string, string | number>; children: SvgNode[] } | string

export function element(
  tag: string,
  attributes: Record<string, string | number | undefined>,
  children: SvgNode[] = [],
): SvgNode {
  const given = Object.entries(attributes).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  return { tag, attributes: Object.fromEntries(given), children }
}

/** XML; whatever stands in a text or an attribute is escaped, and what XML cannot hold is U+FFFD. */
export function toMarkup(node: SvgNode): string {
  if (typeof node === 'string') return escape(node)
  const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${escape(String(value))}"`)
  const inside = node.children.map(toMarkup).join('')
  return inside === ''
    ? `<${node.tag}${attributes.join('')}/>`
    : `<${node.tag}${attributes.join('')}>${inside}</${node.tag}>`
}

function escape(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
