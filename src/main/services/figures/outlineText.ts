import { round } from '../../../shared/figures/drawText.ts'
import { element, type SvgNode } from '../../../shared/figures/svgNode.ts'
import { familyOf } from './drawing.ts'
import { layOutWords, type WordRun } from './layOutWords.ts'

/** The drawing with its words as outlines of the faces of print, so that it looks the same whatever fonts a reader has. */
export function outlineText(root: SvgNode): { root: SvgNode; missing: string[] } {
  const family = familyOf(root)
  const missing = new Set<string>()
  const outline = (node: SvgNode): SvgNode => {
    if (typeof node === 'string') return node
    if (node.tag !== 'text') return { ...node, children: node.children.map(outline) }
    const { attributes } = node
    const d = layOutWords(node, family, (letter) => missing.add(letter))
      .map(outlineRun)
      .join('')
    const { stroke, fill, 'stroke-width': width, 'stroke-linejoin': join } = attributes
    const halo = element('path', { d, fill: 'none', stroke, 'stroke-width': width, 'stroke-linejoin': join })
    return element('g', {}, [...(stroke === undefined ? [] : [halo]), element('path', { d, fill })])
  }
  return { root: outline(root), missing: [...missing] }
}

function outlineRun({ text, font: { font }, size, x, y }: WordRun): string {
  const scale = size / font.unitsPerEm
  const { glyphs, positions } = font.layout(text)
  let pen = x
  return glyphs
    .map(({ path }, place) => {
      const { xAdvance, xOffset, yOffset } = positions[place]!
      const placed = path.transform(scale, 0, 0, -scale, round(pen + xOffset * scale), round(y - yOffset * scale))
      pen += xAdvance * scale
      return placed.toSVG()
    })
    .join('')
}
