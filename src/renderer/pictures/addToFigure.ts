import { createComposition, newId, type Composition } from '../../shared/figures/composition.ts'
import type { PanelLook } from '../../shared/figures/look.ts'
import type { PanelSource } from '../../shared/figures/sources/sources.ts'
import { figuresRead, keepFigure, putOnTable, readFigures } from './keptFigures.ts'

/** Begins a figure of some panels, from another view; the one on the table becomes it while it is empty. */
export async function beginFigure(
  panels: readonly { source: PanelSource; look?: PanelLook | undefined }[],
): Promise<Composition> {
  await figuresRead
  const kept = readFigures()
  const blank = kept[0]?.panels.length === 0 ? kept[0] : createComposition(`Figure ${kept.length + 1}`)
  return keepOnTable({ ...blank, panels: panels.map(({ source, look }) => panelOf(source, look)) })
}

/** Puts a panel into the figure that is on the table, from another view; answers with that figure. */
export async function addToFigure(source: PanelSource, look?: PanelLook): Promise<Composition> {
  await figuresRead
  const [first = createComposition('Figure 1')] = readFigures()
  return keepOnTable({ ...first, panels: [...first.panels, panelOf(source, look)] })
}

function keepOnTable(figure: Composition): Composition {
  keepFigure(figure)
  putOnTable(figure.id)
  return figure
}

const panelOf = (source: PanelSource, look?: PanelLook) => ({ id: newId(), source, ...(look && { look }) })
