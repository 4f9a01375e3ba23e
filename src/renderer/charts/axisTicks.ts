import type { Axis } from '../../shared/panel.ts'
import type { Scale } from '../../shared/charts/scale.ts'
import { ticksOfAxis, type AxisTicks, type Tick } from '../../shared/charts/ticks.ts'
import { screenWidth } from './screenText.ts'

const besideTick = 10

/** Ticks of a horizontal axis, as far apart as their labels are wide. */
export function ticksAcross(scale: Scale, axis: Axis): AxisTicks {
  const apart = widest(ticksOfAxis(scale, axis, 70, 0).major) + 14
  return ticksOfAxis(scale, axis, Math.max(40, apart), apart)
}

/** Ticks of a vertical axis, closer in a low chart. */
export function ticksUpwards(scale: Scale, axis: Axis): AxisTicks {
  return ticksOfAxis(scale, axis, Math.abs(scale.range[1] - scale.range[0]) < 140 ? 30 : 42)
}

/** Pixels to the left of a vertical axis that its labels take. */
export function roomLeftOf(ticks: readonly Tick[]): number {
  return Math.ceil(widest(ticks)) + besideTick
}

function widest(ticks: readonly Tick[]): number {
  return Math.max(0, ...ticks.map(({ label }) => screenWidth(label)))
}
