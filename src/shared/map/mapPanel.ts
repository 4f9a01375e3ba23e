import { makeTicks, niceDomain } from '../charts/ticks.ts'
import { createScale } from '../charts/scale.ts'
import { LabError } from '../errors.ts'
import { formatNumber } from '../formatting/formatNumber.ts'
import type { Axis, MapPanel } from '../panel.ts'
import type { RunSummary } from '../run.ts'
import { cellValue, type CellValue, type Statistic } from './cellStatistics.ts'
import { mapAxis, placeOf, type MapAxis } from './mapAxis.ts'
import { countRuns, groupCells, type MapCell, type RunCounts } from './mapCells.ts'
import { findQuantity, type MapQuantity } from './mapQuantity.ts'

/** Runs on a plane of two fields. */
export interface RunMap {
  x: MapAxis
  y: MapAxis
  cells: MapCell[]
  /** Of each cell. */
  counts: RunCounts[]
}

/** What colors the cells of a map: one value each, and how it is called and drawn. */
export type MapLayer = Pick<MapPanel, 'value' | 'valueLabel' | 'colors' | 'colorScale'> & {
  cells: readonly CellValue[]
  /** Where all values lie; else what they span. */
  range?: readonly [number, number]
  kinds?: readonly string[]
  caption: string
  /** What censored cells are called where no bound holds for all of them. */
  beyond?: string
  /** Whether lines of equal value tell anything. */
  hasContours: boolean
  with?: MapPanel['with']
}

export function mapRuns(runs: readonly RunSummary[], { x, y }: { x: string; y: string }): RunMap {
  const axes = { x: mapAxis(x, runs), y: mapAxis(y, runs) }
  const cells = groupCells(runs, axes.x, axes.y)
  return { ...axes, cells, counts: cells.map(countRuns) }
}

/** A statistic of a number of runs, by its name. Throws USAGE where there is none such, or it is no event whose share is asked for. */
export function quantityLayer({ cells, counts }: RunMap, color: string, statistic: Statistic): MapLayer {
  const quantity = findQuantity(color)
  if (statistic === 'share' && !quantity.isTime) {
    throw new LabError(
      'USAGE',
      `${quantity.id} has a value in every run; a share counts the runs in which an event occurred, such as t_grok`,
    )
  }
  const readings = cells.map(({ runs }) => runs.map(quantity.read))
  const came = readings.map((each) => each.filter((reading) => reading !== null && !reading.isBeyond).length)
  return {
    cells: readings.map((each, cell) => {
      const value = cellValue(statistic, each)
      return came[cell]! > 0 ? value : withFailures(value, counts[cell]!)
    }),
    ...words(quantity, statistic),
    colors: 'sequential',
    hasContours: true,
    ...(quantity.isTime ? { with: { came: Int32Array.from(came) } } : {}),
  }
}

/**
 * A map as a panel: colored by a layer, with lines of equal value at the round numbers beside its colors. `scaled` are the
 * cells that the colors are to span, of several maps say.
 */
export function mapPanel(
  { x, y, cells, counts }: RunMap,
  layer: MapLayer,
  scaled: readonly CellValue[] = layer.cells,
): MapPanel {
  const values = scaled.filter(({ state }) => state === 'value').map(({ value }) => value)
  const colorScale = layer.colorScale === 'log' && values.every((value) => value > 0) ? 'log' : 'linear'
  const range = rangeOf(values, colorScale, layer.range)
  const column = (name: keyof (typeof counts)[number]) => Int32Array.from(counts, (count) => count[name])
  const contours = makeTicks(createScale(colorScale, range, [0, 300]), 60).major.map(({ at }) => at)
  return {
    kind: 'map',
    id: layer.value,
    title: layer.valueLabel,
    caption: layer.caption,
    x: withTicks(
      x,
      cells.map((cell) => cell.x),
    ),
    y: withTicks(
      y,
      cells.map((cell) => cell.y),
    ),
    cells: {
      x: Float64Array.from(cells, (cell) => cell.x),
      y: Float64Array.from(cells, (cell) => cell.y),
      state: layer.cells.map(({ state }) => state),
      value: Float64Array.from(layer.cells, ({ value }) => value),
      isPartial: counts.map(({ runs, ended }) => ended > 0 && ended < runs),
    },
    value: layer.value,
    valueLabel: layer.valueLabel,
    with: {
      runs: column('runs'),
      ended: column('ended'),
      failed: column('failed'),
      ...layer.with,
      above: Float64Array.from(layer.cells, ({ above }) => above),
    },
    colors: layer.colors,
    colorScale,
    range,
    ...(layer.kinds ? { kinds: layer.kinds } : {}),
    ...beyondWords(layer),
    ...(layer.hasContours ? { contours: contours.filter((level) => level > range[0] && level < range[1]) } : {}),
  }
}

/** A map of the independent ones of so many runs, which says so in its caption where others repeat these. */
export function sayRepeats(panel: MapPanel, repeats: string): MapPanel {
  if (repeats === '') return panel
  return { ...panel, caption: [panel.caption, `${repeats}, counted once`].filter(Boolean).join('; ') }
}

/** More values than these are not told one by one. */
const mostChosen = 8

/**
 * Few values are told where cells stand, and no number between them. Where all cells stand at one, how wide they are drawn means nothing:
 * that value alone is told.
 */
function withTicks({ axis, field }: MapAxis, places: readonly number[]): Axis {
  const chosen = [...new Set(places)].sort((a, b) => a - b)
  const [only] = chosen
  if (only === undefined || chosen.length > mostChosen || axis.ticks) return axis
  return chosen.length === 1 ? { ...axis, ticks: [placeOf(only, only, field)] } : { ...axis, chosen }
}

/** A cell of which nothing is read as all of its runs failed. */
export function withFailures(value: CellValue, { ended, failed }: RunCounts): CellValue {
  return value.state === 'missing' && failed > 0 && failed === ended ? { ...value, state: 'failed' } : value
}

function words(
  { id, label, scale, range, since }: MapQuantity,
  statistic: Statistic,
): Pick<MapLayer, 'value' | 'valueLabel' | 'colorScale' | 'range' | 'caption' | 'beyond'> {
  switch (statistic) {
    case 'median':
      return {
        value: id,
        valueLabel: label,
        colorScale: scale,
        ...(range ? { range } : {}),
        caption: 'median over seeds',
        beyond: 'not in time',
      }
    case 'spread':
      return {
        value: `${id}_deviation`,
        valueLabel: `deviation of ${label}`,
        colorScale: 'linear',
        caption: 'standard deviation over seeds',
        beyond: 'not in time',
      }
    case 'share':
      return {
        value: `${id}_share`,
        valueLabel: `share of seeds with ${label}`,
        colorScale: 'linear',
        range: [0, 1],
        caption: `of the runs that have ended${since === undefined ? '' : `, and ${since} before`}`,
      }
  }
}

/** The bound of the cells that lie beyond one, where it is the same. */
function beyondWords({ cells, beyond }: MapLayer): { beyond?: string } {
  const censored = cells.filter(({ state }) => state === 'censored')
  if (censored.length === 0) return {}
  const bounds = new Set(censored.map(({ above }) => above))
  const [bound] = bounds
  return { beyond: bounds.size === 1 && Number.isFinite(bound) ? `> ${formatNumber(bound!)}` : (beyond ?? 'beyond') }
}

function rangeOf(
  values: readonly number[],
  scale: 'linear' | 'log',
  given: readonly [number, number] | undefined,
): [number, number] {
  if (given) return [...given]
  if (values.length === 0) return scale === 'log' ? [1, 10] : [0, 1]
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return niceDomain(scale, [low, high])
}
