import { keep, readKept } from '../composables/useKept.ts'
import { areCompositions, createComposition, newId, type Composition, type PanelSource } from './composition.ts'

/** Begins a figure of some panels, from another view; the one on the table becomes it while it is empty. */
export function beginFigure(sources: readonly PanelSource[]): Composition {
  const kept = readKept<Composition[]>('figures', [], areCompositions)
  const blank = kept[0]?.panels.length === 0 ? kept[0] : createComposition(`Figure ${kept.length + 1}`)
  const figure = { ...blank, panels: sources.map((source) => ({ id: newId(), source })) }
  keep('figures', [figure, ...kept.filter(({ id }) => id !== figure.id)])
  return figure
}

/** Puts a panel into the figure that is on the table, from another view; answers with that figure. */
export function addToFigure(source: PanelSource): Composition {
  const [first = createComposition('Figure 1'), ...others] = readKept<Composition[]>('figures', [], areCompositions)
  const figure = { ...first, panels: [...first.panels, { id: newId(), source }] }
  keep('figures', [figure, ...others])
  return figure
}
