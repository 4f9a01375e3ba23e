import { createComposition, newId, type Composition } from '../../shared/figures/composition.ts'
import type { PanelLook } from '../../shared/figures/look.ts'
import type { SharedAxes } from '../../shared/figures/sheet.ts'
import type { PanelSource } from '../../shared/figures/sources/sources.ts'
import { withFile } from './withFile.ts'
import { figuresRead, keepFigure, putOnTable, readFigures } from './keptFigures.ts'

/** Begins a figure of some panels, from another view, whose limits may be `share`d; the one on the table becomes it while it is empty. */
export async function beginFigure(
  panels: readonly { source: PanelSource; look?: PanelLook | undefined }[],
  share?: SharedAxes,
): Promise<Composition> {
  const begun = await Promise.all(panels.map(({ source, look }) => panelOf(source, look)))
  await figuresRead
  const kept = readFigures()
  const blank = kept[0]?.panels.length === 0 ? kept[0] : createComposition(`Figure ${kept.length + 1}`)
  return keepOnTable({ ...blank, ...(share && { share }), panels: begun })
}

/** Puts a panel into the figure that is on the table, from another view; answers with that figure. */
export async function addToFigure(source: PanelSource, look?: PanelLook): Promise<Composition> {
  const panel = await panelOf(source, look)
  await figuresRead
  const [first = createComposition('Figure 1')] = readFigures()
  return keepOnTable({ ...first, panels: [...first.panels, panel] })
}

function keepOnTable(figure: Composition): Composition {
  keepFigure(figure)
  putOnTable(figure.id)
  return figure
}

const panelOf = async (source: PanelSource, look?: PanelLook) => ({
  id: newId(),
  source: await withFile(source),
  ...(look && { look }),
})
