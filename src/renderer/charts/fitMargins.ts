import { lastPlace, type PreparedLines } from '../../shared/charts/lineLayout.ts'
import { plotArea, type Margins } from '../../shared/charts/plotArea.ts'
import { createScale } from '../../shared/charts/scale.ts'
import { roomLeftOf, ticksUpwards } from './axisTicks.ts'
import { labelRoom, type LabelPlan } from './lineLabels.ts'
import { legendLine } from './legendLine.ts'

/**
 * Margins that also hold the longest number on the left, above the rows of the legend, and on the right the names of
 * those lines that are in view.
 */
export function fitMargins(
  { panel, size, x, y, showsZero }: PreparedLines,
  margins: Margins,
  plan: LabelPlan,
  read: (value: number) => string,
): Margins {
  const above = margins.top + legendLine * plan.legend.length
  const { left, right, top, bottom } = plotArea(size, { ...margins, top: above })
  const numbers = ticksUpwards(createScale(panel.y.scale, y, [bottom, top]), panel.y).major
  const scale = createScale(panel.x.scale, x, [left, right], showsZero)
  // A line that goes on beyond the window ends, for the eye, at its border.
  const ends = plan.named
    .map((series) => Math.min(right, scale.at(series.x[lastPlace(series)] ?? NaN)))
    .filter((end) => end >= left)
  const missing = ends.length === 0 ? 0 : Math.max(...ends) + labelRoom(plan, read) - right
  return {
    ...margins,
    top: above,
    left: Math.max(margins.left, roomLeftOf(numbers)),
    right: margins.right + Math.max(0, missing),
  }
}
