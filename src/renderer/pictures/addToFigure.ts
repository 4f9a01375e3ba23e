import { createComposition, newId, type Composition } from '../../shared/figures/composition.ts'
import type { PanelLook } from '../../shared/figures/look.ts'
import type { PanelSource } from '../../shared/figures/sources/sources.ts'
import { keepFigures, readFigures } from './keptFigures.ts'

/** Begins a figure of some panels, from another view; the one on the table becomes it while it is empty. */
export function beginFigure(panels: readonly { source: PanelSource; look?: PanelLook | undefined }[]): Composition {
  const kept = readFigures()
  const blank = kept[0]?.panels.length === 0 ? kept[0] : createComposition(`Figure ${kept.length + 1}`)
  const figure = { ...blank, panels: panels.map(({ source, look }) => panelOf(source, look)) }
  keepFigures([figure, ...kept.filter(({ id }) => id !== figure.id)])
  return figure
}

/** Puts a panel into the figure that is on the table, from another view; answers with that figure. */
export function addToFigure(source: PanelSource, look?: PanelLook): Composition {
  const [first = createComposition('Figure 1'), ...others] = readFigures()
  const figure = { ...first, panels: [...first.panels, panelOf(source, look)] }
  keepFigures([figure, ...others])
  return figure
}

const panelOf = (source: PanelSource, look?: PanelLook) => ({ id: newId(), source, ...(look && { look }) })
