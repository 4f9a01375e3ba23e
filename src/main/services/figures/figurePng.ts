import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { pixelSize, withResolution } from '../../../shared/figures/pngResolution.ts'
import { toMarkup } from '../../../shared/figures/svgNode.ts'
import type { Drawing, PrintedFigure } from './drawing.ts'
import { outlineText } from './outlineText.ts'

/** What paints, as a file of the packages. */
export const painterFile = '@resvg/resvg-wasm/index_bg.wasm'

let ready: Promise<void> | undefined

/** The drawing as pixels, with its resolution written into the file; its words are in the faces of print. */
export async function figurePng(drawing: Drawing, dotsPerInch: number): Promise<PrintedFigure> {
  ready ??= readFile(locatePainter()).then((program) => initWasm(program))
  await ready
  const { root, missing } = outlineText(drawing.root)
  const { width } = pixelSize(drawing, dotsPerInch)
  const painter = new Resvg(toMarkup(root), { fitTo: { mode: 'width', value: width } })
  const picture = painter.render()
  try {
    return { bytes: withResolution(picture.asPng(), dotsPerInch), missing }
  } finally {
    picture.free()
    painter.free()
  }
}

/** Beside a bundle; where there is none, in the packages. */
function locatePainter(): string {
  const beside = join(dirname(fileURLToPath(import.meta.url)), 'resvg.wasm')
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(painterFile)
}
