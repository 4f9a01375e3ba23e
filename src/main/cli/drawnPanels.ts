import { extname } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { drawFigure } from '../../shared/figures/drawFigure.ts'
import { describeMissingLetters } from '../../shared/figures/missingLetters.ts'
import { createSheet } from '../../shared/figures/sheet.ts'
import type { Panel } from '../../shared/panel.ts'
import { panelCsv } from '../../shared/panelCsv.ts'
import { quote } from '../../shared/quote.ts'

const formats = ['svg', 'pdf', 'csv'] as const
type Format = (typeof formats)[number]

/** By the end of its name. Throws USAGE where it is another. */
export function drawnFormatOf(out: string): Format {
  const format = formats.find((each) => extname(out).toLowerCase() === `.${each}`)
  if (format) return format
  throw new LabError('USAGE', `--out: ${quote(out)} is no picture or table; it ends with .${formats.join(', .')}`)
}

/** The table of one of several panels with the same columns: only the first has their names. */
export function panelTable(panel: Panel, place: number): string {
  return panelCsv(panel).replace(/^.*\n/, (head) => (place === 0 ? head : ''))
}

/** What stands beside a map in words takes a third of a narrow one. */
function columnsFor(panels: readonly Panel[]): number {
  const hasWords = panels.some(
    (panel) => panel.kind === 'map' && (panel.kinds ?? [panel.beyond ?? '']).some((each) => each.length > 9),
  )
  return Math.min(hasWords ? 2 : 3, panels.length)
}

/** Panels as one picture; letters that its font has not are named on standard error. */
export async function drawnPanels(
  format: Exclude<Format, 'csv'>,
  panels: readonly Panel[],
  name: string,
): Promise<(string | Uint8Array)[]> {
  const drawing = drawFigure(createSheet(columnsFor(panels)), panels, { titled: panels.length > 1 })
  if (format === 'svg') return [drawing.markup]
  // What draws a PDF takes long to load.
  const { figurePdf } = await import('../services/figures/figurePdf.ts')
  const { bytes, missing } = await figurePdf(drawing, name)
  if (missing.length > 0) process.stderr.write(`${describeMissingLetters(missing)}\n`)
  return [bytes]
}
