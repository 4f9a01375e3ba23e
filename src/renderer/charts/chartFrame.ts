import { inject, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue'
import type { LinePanel, Panel, Series } from '../../shared/panel.ts'

/** Curves that are acted on together, by the names of their series. */
export interface PointedCurves {
  label: string
  names: readonly string[]
}

/** What a chart and the frame around it share: the curves that a person has hidden, and those that are pointed at. */
export interface ChartFrame {
  hidden: ShallowRef<ReadonlySet<string>>
  pointed: ShallowRef<PointedCurves | null>
}

const key: InjectionKey<ChartFrame> = Symbol('the frame of a chart')

function createFrame(): ChartFrame {
  return { hidden: shallowRef(new Set<string>()), pointed: shallowRef(null) }
}

export function provideChartFrame(): ChartFrame {
  const frame = createFrame()
  provide(key, frame)
  return frame
}

/** That of the frame which the chart stands in, or one of its own. */
export function useChartFrame(): ChartFrame {
  return inject(key, createFrame, true)
}

/** A panel without its hidden curves; where these are all that it has, they are shown. */
export function withoutHidden<Some extends Panel>(panel: Some, hidden: ReadonlySet<string>): Some {
  if (panel.kind !== 'lines' || hidden.size === 0) return panel
  const series = panel.series.filter(({ name }) => !hidden.has(name))
  if (series.length === 0 || series.length === panel.series.length) return panel
  const bands = panel.bands?.filter(({ name }) => !hidden.has(name))
  return { ...panel, series, ...(bands ? { bands } : {}) }
}

/** What is hidden with a curve: a group's center and its bounds go together. */
export function curvesWith({ name, of }: Series, { series }: LinePanel): PointedCurves {
  if (of?.group === undefined) return { label: name, names: [name] }
  const group = series.filter((each) => each.of?.group === of.group)
  return { label: String(of.group), names: group.map((each) => each.name) }
}

/** What an entry of the legend stands for. */
export function curvesOfEntry(entry: string, { series }: LinePanel): PointedCurves {
  const alike = series.filter(({ name, family = name }) => family === entry)
  return { label: entry, names: alike.map(({ name }) => name) }
}
