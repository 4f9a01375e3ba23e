import { lastPlace, type PreparedLines } from '../../shared/charts/lineLayout.ts'
import { plotArea, type Margins } from '../../shared/charts/plotArea.ts'
import { createScale } from '../../shared/charts/scale.ts'
import { makeTicks } from '../../shared/charts/ticks.ts'
import { labelRoom, type LabelPlan } from './lineLabels.ts'

const digitWidth = 6.3
const tickRoom = 14

/** Margins that also hold the longest number on the left, and on the right the names of those lines that are in view. */
export function fitMargins(
  { panel, size, x, y, showsZero }: PreparedLines,
  margins: Margins,
  plan: LabelPlan,
  read: (value: number) => string,
): Margins {
  const { left, right, top, bottom } = plotArea(size, margins)
  const numbers = panel.y.ticks ?? makeTicks(createScale(panel.y.scale, y, [bottom, top]), 42).major
  const numberRoom = tickRoom + digitWidth * Math.max(0, ...numbers.map(({ label }) => label.length))
  const scale = createScale(panel.x.scale, x, [left, right], showsZero)
  // A line that goes on beyond the window ends, for the eye, at its border.
  const ends = plan.named
    .map((series) => Math.min(right, scale.at(series.x[lastPlace(series)] ?? NaN)))
    .filter((end) => end >= left)
  const missing = ends.length === 0 ? 0 : Math.max(...ends) + labelRoom(plan, read) - right
  return {
    ...margins,
    left: Math.max(margins.left, numberRoom),
    right: margins.right + Math.max(0, missing),
  }
}
