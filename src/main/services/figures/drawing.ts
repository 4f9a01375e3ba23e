import type { SvgNode } from '../../../shared/figures/svgNode.ts'
import type { FaceChoice } from './printFonts.ts'

/** A drawing as `drawFigure` makes it, in points. */
export interface Drawing {
  root: SvgNode
  width: number
  height: number
}

/** A picture of a drawing, and the letters that no face here has; □ stands for each. */
export interface PrintedFigure {
  bytes: Uint8Array
  missing: string[]
}

/** The faces of a drawing's words: those of its root. */
export function familyOf(root: SvgNode): FaceChoice['family'] {
  const family = typeof root === 'string' ? '' : String(root.attributes['font-family'])
  return family.startsWith("'Times") ? 'serif' : 'sans'
}
