import type { Axis, Columns } from '../panel.ts'
import { valuesAt } from '../panelData.ts'

/** Where values are names, points stand at places: a table has the values under their field, and their places beside them. */
export function placesOn(axis: Axis): Axis {
  return axis.ticks ? { ...axis, column: 'place' } : axis
}

/** The values at some places, where these have names. */
export function namesAt(axis: Axis, field: string, at: Float64Array): Columns {
  return axis.ticks ? { [field]: valuesAt(axis, at) } : {}
}
