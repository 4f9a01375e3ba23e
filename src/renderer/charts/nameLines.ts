import { momentLines } from '../../shared/charts/brackets.ts'
import { finishLines, lastPlace, type LineLayout, type PreparedLines } from '../../shared/charts/lineLayout.ts'
import { plotArea, type Margins } from '../../shared/charts/plotArea.ts'
import { createScale } from '../../shared/charts/scale.ts'
import { roomLeftOf, ticksUpwards } from './axisTicks.ts'
import { legendLine } from './legendLine.ts'
import {
  labelLines,
  labelRoom,
  liesOverLines,
  planLabels,
  type LabelPlan,
  type LabelStyle,
  type LineLabel,
} from './lineLabels.ts'

/** Lines laid out, with what each is called and where. */
export interface NamedLines {
  plan: LabelPlan
  margins: Margins
  layout: LineLayout
  labels: LineLabel[]
}

/** A name that would lie over lines, among which it is to stand, goes into the legend. */
export function nameLines(
  prepared: PreparedLines,
  style: LabelStyle,
  margins: Margins,
  read: (value: number) => string,
): NamedLines {
  const { panel, size } = prepared
  const plan = planLabels(panel, style, size, read)
  const fitted = fitMargins(prepared, margins, plan, read)
  const layout = finishLines(prepared, fitted)
  const labels = labelLines(layout, plan, read, momentLines(panel.moments ?? [], layout))
  if (liesOverLines(labels, plan, layout)) return nameLines(prepared, 'legend', margins, read)
  return { plan, margins: fitted, layout, labels }
}

/**
 * Margins that also hold the longest number on the left, above the rows of the legend, and on the right the names of
 * those lines that are in view.
 */
function fitMargins(
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
