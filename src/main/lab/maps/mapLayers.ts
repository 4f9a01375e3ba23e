import { LabError } from '../../../shared/errors.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import type { CellValue } from '../../../shared/map/cellStatistics.ts'
import type { MapCell } from '../../../shared/map/mapCells.ts'
import { quantityLayer, withFailures, type MapLayer, type RunMap } from '../../../shared/map/mapPanel.ts'
import { findQuantity, type MapQuantity } from '../../../shared/map/mapQuantity.ts'
import type { PhaseThresholds } from '../../../shared/map/mapOptions.ts'
import type { MapBoundary } from '../../../shared/panel.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { learningPhases, phaseOfRun, runPhases, type RunPhase } from './learningPhase.ts'
import { localExponents } from './localExponents.ts'
import { fitShareBoundary } from './shareBoundary.ts'

/** What a cell has instead of a phase where none has more than half of its runs. */
export const noMajority = 'no majority'
export type MostPhase = RunPhase | typeof noMajority

/**
 * What comes of more than half of the runs of a cell that have ended, or that nothing does, with the share of what most came to; undefined
 * where nothing is known of any.
 */
export function phaseOfMost(
  runs: readonly RunSummary[],
  thresholds: PhaseThresholds,
): { phase: MostPhase; agreement: number } | undefined {
  const known = runs.map((run) => phaseOfRun(run, thresholds)).filter((phase) => phase !== null)
  if (known.length === 0) return undefined
  const counts = runPhases.map((phase) => known.filter((each) => each === phase).length)
  const most = Math.max(...counts)
  const agreement = most / known.length
  return { phase: agreement > 0.5 ? runPhases[counts.indexOf(most)]! : noMajority, agreement }
}

/**
 * The phase that more than half of the runs of a cell are in, with the largest share as `agreement`; cells of which most diverged are in none,
 * and without a majority they are undecided.
 */
export function phaseLayer({ cells, counts }: RunMap, thresholds: PhaseThresholds): MapLayer {
  const most = cells.map(({ runs }) => phaseOfMost(runs, thresholds))
  const values = most.map((found, cell): CellValue => {
    if (!found) return withFailures({ state: 'missing', value: NaN, above: NaN }, counts[cell]!)
    if (found.phase === noMajority) return { state: 'undecided', value: NaN, above: NaN }
    if (found.phase === 'diverged') return { state: 'failed', value: NaN, above: NaN }
    return { state: 'value', value: learningPhases.indexOf(found.phase), above: NaN }
  })
  return {
    cells: values,
    value: 'phase',
    valueLabel: 'phase of learning',
    colors: 'sequential',
    colorScale: 'linear',
    kinds: learningPhases,
    caption: captionOf(thresholds),
    hasContours: false,
    with: { agreement: Float64Array.from(most, (found) => found?.agreement ?? NaN) },
  }
}

function captionOf({ delay, within }: PhaseThresholds): string {
  const grokking = `of most seeds; grokking is a delay of ${formatCount(delay)} steps or more`
  return within === undefined ? grokking : `${grokking}; events after step ${formatCount(within)} do not count`
}

/** The local exponents of a quantity's medians along the horizontal axis. Throws USAGE where that is not positive throughout. */
export function exponentLayer(map: RunMap, color: string): MapLayer {
  const quantity = findQuantity(color)
  if (map.x.axis.ticks || map.cells.some(({ x }) => !(x > 0))) {
    throw new LabError('USAGE', `--of exponent: ${map.x.field} is not above 0 throughout; choose another --x`)
  }
  const medians = quantityLayer(map, color, 'median').cells
  const values: CellValue[] = medians.map(() => ({ state: 'missing', value: NaN, above: NaN }))
  for (const row of rowsOf(map.cells, 'x')) {
    const exponents = localExponents(
      row.map((cell) => map.cells[cell]!.x),
      row.map((cell) => medians[cell]!.value),
    )
    row.forEach((cell, place) => {
      const value = exponents[place]!
      if (Number.isFinite(value)) values[cell] = { state: 'value', value, above: NaN }
      else if (medians[cell]!.state !== 'value') values[cell] = { ...medians[cell]!, above: NaN }
    })
  }
  const sizes = values.flatMap(({ state, value }) => (state === 'value' ? [Math.abs(value)] : []))
  const bound = Math.max(0.5, Math.ceil(2 * Math.max(0, ...sizes)) / 2)
  const { label = map.x.field, symbol = '' } = map.x.axis
  return {
    cells: values,
    value: `${quantity.id}_exponent`,
    valueLabel: `local exponent of ${quantity.label} in ${symbol === '' ? label : `$${symbol}$`}`,
    colors: 'diverging',
    colorScale: 'linear',
    range: [-bound, bound],
    caption: 'of the medians over seeds',
    beyond: 'not in time',
    hasContours: false,
  }
}

/** Of each row (or column) where the share of its runs with an event crosses one half, with its 68 % band. */
export function shareBoundary({ x, y, cells }: RunMap, along: 'x' | 'y', quantity: MapQuantity): MapBoundary {
  const { axis } = along === 'x' ? x : y
  const [to, back] = axis.scale === 'log' ? [Math.log, Math.exp] : [Number, Number]
  const other = along === 'x' ? 'y' : 'x'
  const rows = rowsOf(cells, along)
  const fits = rows.map((row) =>
    fitShareBoundary(
      row.map((cell) => {
        const readings = cells[cell]!.runs.map(quantity.read).filter((reading) => reading !== null)
        const came = readings.filter(({ isBeyond }) => !isBeyond).length
        return { at: to(cells[cell]![along]), came, of: readings.length }
      }),
    ),
  )
  const column = (side: 'middle' | 'from' | 'to') => Float64Array.from(fits, (fit) => (fit ? back(fit[side]) : NaN))
  return {
    label: `half of the seeds ${quantity.since === undefined ? '' : `that ${quantity.since} `}with ${quantity.label}`,
    along,
    at: Float64Array.from(rows, (row) => cells[row[0]!]![other]),
    middle: column('middle'),
    from: column('from'),
    to: column('to'),
  }
}

/** The cells of each row along an axis, in the order of both axes. */
function rowsOf(cells: readonly MapCell[], along: 'x' | 'y'): number[][] {
  const other = along === 'x' ? 'y' : 'x'
  const rows = Map.groupBy(cells.keys(), (cell) => cells[cell]![other])
  return [...rows.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row.sort((a, b) => cells[a]![along] - cells[b]![along]))
}
