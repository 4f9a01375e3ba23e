import type { FileData } from '../../../shared/contract/archives.ts'
import type { HostRequest } from '../../../shared/contract.ts'
import { compositionSchema } from '../../../shared/figures/composition.ts'
import { drawFigure, type FigureDrawing } from '../../../shared/figures/drawFigure.ts'
import { figureScript } from '../../../shared/figures/script/figureScript.ts'
import { loadPanel } from '../../../shared/figures/sources/sources.ts'
import { parseInput } from '../../../shared/parseInput.ts'
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

/** Both of a figure as data, its panels asked of a host. */
export async function writeScript(given: unknown, request: HostRequest): Promise<FileData[]> {
  const figure = parseInput(compositionSchema, given, {
    code: 'INVALID_REQUEST',
    whole: 'figure',
    prefix: 'figure.script: ',
  })
  const panels = await Promise.all(figure.panels.map(({ source }) => loadPanel(source, request)))
  const looks = figure.panels.map(({ look }) => look)
  const name = figure.name.trim().replaceAll(/[^\w-]+/g, '-') || 'figure'
  const { script, data } = scriptFiles(drawFigure(figure, panels, { looks }), name)
  const parts: Uint8Array[] = []
  for await (const part of data) parts.push(part)
  return [
    { name: `${name}.py`, mediaType: 'text/x-python', bytes: Buffer.from(script) },
    { name: `${name}.npz`, mediaType: 'application/zip', bytes: Buffer.concat(parts) },
  ]
}
