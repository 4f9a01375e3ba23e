import { LabError } from '../../../shared/errors.ts'
import { roundDigits } from '../../../shared/formatting/formatNumber.ts'
import { usualThresholds, type MapOptions, type PhaseThresholds } from '../../../shared/map/mapOptions.ts'
import { mapAxis, valueOnAxis, type MapAxis } from '../../../shared/map/mapAxis.ts'
import { mapRuns, type RunMap } from '../../../shared/map/mapPanel.ts'
import type { RunSummary } from '../../../shared/run.ts'
import type { Change } from '../../../shared/specification/paths.ts'
import { fieldsOf, planeOf, type SweepSpec } from '../../../shared/sweep/sweepSchema.ts'
import { axesOf } from './drawMaps.ts'
import { phaseOfMost } from './mapLayers.ts'
import { sliceRuns } from './sliceRuns.ts'

/** A cell to add: like that of a run, but for one field and those that change together with it. */
export interface RefinedCell {
  like: string
  changes: readonly Change[]
}

/**
 * Where a map is worth more cells: midway (on the axis' own scale) between any two neighbors along an axis of which most seeds are in
 * different phases, or of which one has seeds in several. What an axis sets besides is midway too, on its own scale. Rounds of it follow
 * the boundaries, whose length grows with the resolution as a line does, not as the plane. Throws USAGE where neither axis has numbers,
 * between which nothing lies, or no cell has a neighbor, as points of a sample have none.
 */
export function refineMap(spec: SweepSpec, runs: readonly RunSummary[], options: MapOptions = {}): RefinedCell[] {
  const plane = planeOf(spec)
  const on = axesOf(plane, options)
  const { shown, slices } = sliceRuns(runs, plane.fields, { on: [on.x, on.y], at: options.at ?? [] })
  const moved = { x: movedWith(spec, on.x, shown), y: movedWith(spec, on.y, shown) }
  const isNamed = ({ axis }: MapAxis) => axis.ticks !== undefined
  const sides = (['x', 'y'] as const).filter((side) => !moved[side].some(isNamed))
  if (sides.length === 0) {
    const named = [...new Set([...moved.x, ...moved.y].filter(isNamed).map(({ field }) => field))]
    const have = named.length > 1 ? 'have' : 'has'
    throw new LabError(
      'USAGE',
      `${named.join(' and ')} ${have} names as values, between which nothing lies; choose another axis`,
    )
  }
  const neighbors = slices.flatMap(({ runs: own }) => {
    const map = mapRuns(own, on)
    return sides.map((along) => ({ map, along, pairs: neighborsAlong(map, along) }))
  })
  if (neighbors.every(({ pairs }) => pairs.length === 0)) {
    throw new LabError(
      'USAGE',
      `no two cells are neighbors along ${sides.map((side) => on[side]).join(' or ')}, between which others could be added; choose other axes`,
    )
  }
  const thresholds = { ...usualThresholds, ...options.thresholds }
  return neighbors.flatMap(({ map, along, pairs }) =>
    between(map, { field: on[along], moved: moved[along], pairs }, thresholds),
  )
}

/** A field with all others that its axis sets. */
function movedWith({ axes }: SweepSpec, field: string, runs: readonly RunSummary[]): MapAxis[] {
  const fields = axes.map(fieldsOf).find((each) => each.includes(field)) ?? [field]
  return fields.map((each) => mapAxis(each, runs))
}

type Neighbors = readonly [before: number, after: number]

function neighborsAlong({ cells }: RunMap, along: 'x' | 'y'): Neighbors[] {
  const other = along === 'x' ? 'y' : 'x'
  const rows = Map.groupBy(cells.keys(), (cell) => cells[cell]![other])
  return [...rows.values()].flatMap((row) => {
    const ordered = row.sort((a, b) => cells[a]![along] - cells[b]![along])
    return ordered.slice(1).map((cell, place): Neighbors => [ordered[place]!, cell])
  })
}

function between(
  map: RunMap,
  { field, moved, pairs }: { field: string; moved: readonly MapAxis[]; pairs: readonly Neighbors[] },
  thresholds: PhaseThresholds,
): RefinedCell[] {
  const most = map.cells.map(({ runs }) => phaseOfMost(runs, thresholds))
  return pairs.flatMap(([before, after]) => {
    const [one, other] = [most[before], most[after]]
    if (!one || !other || (one.phase === other.phase && one.agreement === 1 && other.agreement === 1)) return []
    const [first, second] = [map.cells[before]!.runs[0]!, map.cells[after]!.runs[0]!]
    const isNew = ({ path, value }: Change) => value !== valueOnAxis(first, path) && value !== valueOnAxis(second, path)
    const changes = moved.map((axis) => ({ path: axis.field, value: middleOf(axis, first, second) }))
    return changes.some((change) => change.path === field && isNew(change)) ? [{ like: first.id, changes }] : []
  })
}

/** So many digits agree on every machine; keys hang on them. */
const digits = 12

function middleOf({ field, axis }: MapAxis, first: RunSummary, second: RunSummary): number {
  const [from, to] = [Number(valueOnAxis(first, field)), Number(valueOnAxis(second, field))]
  if (from === to) return from
  const middle = axis.scale === 'log' ? Math.sqrt(from * to) : (from + to) / 2
  return axis.isCounted ? Math.round(middle) : roundDigits(middle, digits)
}
