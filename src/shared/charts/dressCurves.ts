import type { Panel, Series } from '../panel.ts'

/** What of a single curve is another than its panel has it. */
export interface CurveLook {
  hidden?: true | undefined
  /** Drawn as a mean is, before the others. */
  strong?: true | undefined
  /** Its place in the palette. */
  color?: number | undefined
}

/** By the names of series. */
export type CurveLooks = Readonly<Record<string, CurveLook>>

/** Colors that a curve may be given. */
export const curveColors = 6

/** A panel with its curves as a person wants them; where all that it has are hidden, they are shown. */
export function dressCurves<Some extends Panel>(panel: Some, looks: CurveLooks): Some {
  if (panel.kind !== 'lines' || !panel.series.some(({ name }) => looks[name])) return panel
  const left = panel.series.filter(({ name }) => !looks[name]?.hidden)
  const shown = left.length > 0 ? left : panel.series
  const series = shown.map((each) => dressed(each, looks[each.name]))
  const bands = panel.bands
    ?.filter(({ name }) => shown.some((each) => each.name === name))
    .map((band) => ({ ...band, color: looks[band.name]?.color ?? band.color }))
  return { ...panel, series, ...(bands ? { bands } : {}) }
}

/** Muted curves are those of other runs than the panel is about. */
export const canBeDressed = ({ role }: Pick<Series, 'role'>) => role !== 'context' && role !== 'start'

function dressed(series: Series, { strong, color }: CurveLook = {}): Series {
  if ((!strong && color === undefined) || !canBeDressed(series)) return series
  // It no longer looks like those with which a legend named it.
  const { family, ...own } = series
  const isOfGroup = series.of?.['group'] !== undefined
  return {
    ...own,
    ...(isOfGroup && family !== undefined && { family }),
    ...(strong && series.role === 'single' && { role: 'mean' }),
    ...(color !== undefined && { color }),
  }
}

/** The looks with a change of some curves; those that are left as their panel has them are no longer named. */
export function changeLooks(
  looks: CurveLooks,
  names: readonly string[],
  change: (look: CurveLook) => CurveLook,
): CurveLooks {
  const changed = new Map(Object.entries(looks))
  for (const name of names) {
    const look = Object.entries(change(changed.get(name) ?? {})).filter(([, value]) => value !== undefined)
    if (look.length > 0) changed.set(name, Object.fromEntries(look))
    else changed.delete(name)
  }
  return Object.fromEntries(changed)
}
