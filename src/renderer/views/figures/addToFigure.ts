import { keep, readKept } from '../../composables/useKept.ts'
import { areCompositions, createComposition, newId, type Composition, type PanelSource } from './composition.ts'

/** Puts a panel into the figure that is on the table, from another view; answers with that figure. */
export function addToFigure(source: PanelSource): Composition {
  const [first = createComposition('Figure 1'), ...others] = readKept<Composition[]>('figures', [], areCompositions)
  const figure = { ...first, panels: [...first.panels, { id: newId(), source }] }
  keep('figures', [figure, ...others])
  return figure
}
