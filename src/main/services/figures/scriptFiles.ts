import type { FigureDrawing } from '../../../shared/figures/drawFigure.ts'
import { figureScript } from '../../../shared/figures/script/figureScript.ts'
import { version } from '../../../shared/version.ts'
import { encodeNpz } from '../interchange/encodeNpz.ts'
import type { NumpyStream } from '../interchange/numpyArray.ts'

/** A script for matplotlib that draws a figure again, and its data as `.npz`; both have one name. */
export function scriptFiles(drawing: FigureDrawing, name: string): { script: string; data: AsyncIterable<Uint8Array> } {
  const introduction = `${name}, drawn again by matplotlib; written by Grokscope ${version}.\nIts data are in the file of the same name that ends in .npz.`
  const { text, arrays } = figureScript(drawing, introduction)
  const streams = Object.entries(arrays).map(([key, { shape, data }]): [string, NumpyStream] => [
    key,
    { shape, type: data instanceof Float64Array ? '<f8' : '<f4', parts: [data] },
  ])
  return { script: text, data: encodeNpz(streams) }
}
