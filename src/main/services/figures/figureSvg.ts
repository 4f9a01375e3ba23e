import { toSvgText } from '../../../shared/figures/svgFile.ts'
import { toMarkup } from '../../../shared/figures/svgNode.ts'
import type { Drawing, PrintedFigure } from './drawing.ts'
import { outlineText } from './outlineText.ts'

/** The drawing as an SVG file whose words are outlines. */
export function outlinedSvg({ root }: Drawing): PrintedFigure {
  const outlined = outlineText(root)
  const bytes = new TextEncoder().encode(toSvgText(toMarkup(outlined.root)))
  return { bytes, missing: outlined.missing }
}
