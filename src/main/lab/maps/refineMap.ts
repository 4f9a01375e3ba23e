import { LabError } from '../../../shared/errors.ts'
import { roundDigits } from '../../../shared/formatting/formatNumber.ts'
import { usualThresholds, type MapOptions, type PhaseThresholds } from '../../../shared/map/mapOptions.ts'
import { mapAxis } from '../../../shared/map/mapAxis.ts'
import { mapRuns, type RunMap } from '../../../shared/map/mapPanel.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { findField } from '../../../shared/specification/fields.ts'
import { planeOf, type SweepSpec } from '../../../shared/sweep/sweepSchema.ts'
import { axesOf } from './drawMaps.ts'
import { phaseLayer } from './mapLayers.ts'
import { sliceRuns } from './sliceRuns.ts'

/** A cell to add: like that of a run, but for one field. */
export interface RefinedCell {
  like: string
  field: string
  value: number
}

/**
 * Where a map is worth more cells: midway (on the axis' own scale) between any two neighbors along an axis of which most seeds are in
 * different phases, or of which one has seeds in several. Rounds of it follow the boundaries, whose length grows with the
 * resolution as a line does, not as the plane. Throws USAGE where neither axis has numbers, between which nothing lies.
 */
export function refineMap(spec: SweepSpec, runs: readonly RunSummary[], options: MapOptions = {}): RefinedCell[] {
  const plane = planeOf(spec)
  const on = axesOf(plane, options)
  const { shown, slices } = sliceRuns(runs, plane.fields, { on: [on.x, on.y], at: options.at ?? [] })
  if (mapAxis(on.x, shown).axis.ticks && mapAxis(on.y, shown).axis.ticks) {
    throw new LabError(
      'USAGE',
      `${on.x} and ${on.y} have names as values, between which nothing lies; choose another axis`,
    )
  }
  return slices.flatMap(({ runs: own }) => {
    const map = mapRuns(own, on)
    return (['x', 'y'] as const).flatMap((along) => between(map, along, { ...usualThresholds, ...options.thresholds }))
  })
}

function between(map: RunMap, along: 'x' | 'y', thresholds: PhaseThresholds): RefinedCell[] {
  const { axis, field } = map[along]
  if (axis.ticks) return []
  const { cells: phases, with: more } = phaseLayer(map, thresholds)
  const agreement = more!['agreement'] as Float64Array
  const other = along === 'x' ? 'y' : 'x'
  const rows = Map.groupBy(map.cells.keys(), (cell) => map.cells[cell]![other])
  return [...rows.values()].flatMap((row) => {
    const ordered = row.sort((a, b) => map.cells[a]![along] - map.cells[b]![along])
    return ordered.slice(1).flatMap((cell, place) => {
      const before = ordered[place]!
      const isOne = phases[cell]!.value === phases[before]!.value && agreement[cell] === 1 && agreement[before] === 1
      const [from, to] = [map.cells[before]![along], map.cells[cell]![along]]
      const value = middleOf(field, axis.scale, from, to)
      return isOne || value === from || value === to ? [] : [{ like: map.cells[before]!.runs[0]!.id, field, value }]
    })
  })
}

/** So many digits agree on every machine; keys hang on them. */
const digits = 12

function middleOf(field: string, scale: 'linear' | 'log', from: number, to: number): number {
  const middle = scale === 'log' ? Math.sqrt(from * to) : (from + to) / 2
  return findField(field)?.type === 'wholeNumber' ? Math.round(middle) : roundDigits(middle, digits)
}
