import { inject, provide, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type { CurveLooks } from '../../shared/charts/dressCurves.ts'
import { familiesOf, type LegendEntry } from '../../shared/charts/legend.ts'
import type { LinePanel, Series } from '../../shared/panel.ts'

/** Curves that are acted on together, by the names of their series. */
export interface PointedCurves {
  label: string
  names: readonly string[]
}

/** What a chart and the frame around it share: how a person wants single curves, and those that are pointed at. */
export interface ChartFrame {
  looks: Ref<CurveLooks>
  pointed: ShallowRef<PointedCurves | null>
}

const key: InjectionKey<ChartFrame> = Symbol('the frame of a chart')

function createFrame(): ChartFrame {
  return { looks: shallowRef({}), pointed: shallowRef(null) }
}

export function provideChartFrame(looks: Ref<CurveLooks>): ChartFrame {
  const frame = { ...createFrame(), looks }
  provide(key, frame)
  return frame
}

/** That of the frame which the chart stands in, or one of its own. */
export function useChartFrame(): ChartFrame {
  return inject(key, createFrame, true)
}

/** What goes with a curve: a group's center and its bounds go together. */
export function curvesWith({ name, group }: Series, { series }: LinePanel): PointedCurves {
  if (group === undefined) return { label: name, names: [name] }
  return { label: group, names: series.filter((each) => each.group === group).map((each) => each.name) }
}

/** What an entry of the legend stands for. */
export function curvesOfEntry(entry: LegendEntry, { series }: LinePanel): PointedCurves {
  const families = familiesOf(entry)
  const meant = series.filter(({ name, family = name }) => families.includes(family))
  return { label: entry.name, names: meant.map(({ name }) => name) }
}
