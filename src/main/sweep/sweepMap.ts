import { LabError } from '../../shared/errors.ts'
import { formatGiven } from '../../shared/formatting/formatNumber.ts'
import type { Statistic } from '../../shared/map/cellStatistics.ts'
import { valueOnAxis, wordsOfField } from '../../shared/map/mapAxis.ts'
import { mapPanel, mapRuns, quantityLayer, type MapLayer, type RunMap } from '../../shared/map/mapPanel.ts'
import type { MapPanel } from '../../shared/panel.ts'
import { findQuantity } from '../../shared/map/mapQuantity.ts'
import { slicedFields } from '../../shared/map/slices.ts'
import { quote } from '../../shared/quote.ts'
import type { RunSummary } from '../../shared/run.ts'
import { fieldsOf, type SweepSpec } from '../../shared/sweep/sweepSchema.ts'
import { usualThresholds, type PhaseThresholds } from '../lab/maps/learningPhase.ts'
import { exponentLayer, phaseLayer, shareBoundary } from './mapLayers.ts'

/** What of a sweep is looked at; what is not said is as its specification has it. */
export interface MapOptions {
  x?: string
  y?: string
  /** A number of runs, or `phase`. */
  color?: string
  /** `exponent` is that of the medians along the horizontal axis. */
  statistic?: Statistic | 'exponent'
  thresholds?: PhaseThresholds
  /** The axis along which it is drawn where half of the seeds generalize, or do what the color says. */
  boundary?: 'x' | 'y'
  /** Values that fields stand at: a slice where there are more than two axes. */
  at?: readonly { field: string; value: string }[]
}

export { usualThresholds }

/** So many maps stand beside each other at most. */
const maxMaps = 24

/**
 * The runs of a sweep as maps: one, or one for each combination of the values of the fields that are on neither axis, with
 * the same colors. Throws USAGE naming what is no axis, no value of one, or too much.
 */
export function sweepMaps(spec: SweepSpec, runs: readonly RunSummary[], options: MapOptions = {}): MapPanel[] {
  const fields = spec.axes.flatMap(fieldsOf)
  const { x, y } = axesOf(spec, fields, options)
  const shown = (options.at ?? []).reduce((some, slice) => sliced(some, slice, fields), runs)
  const slices = slicesOf(shown, fields, { x, y })
  if (slices.length > maxMaps) {
    const more = [...new Set(slices.flatMap(({ at }) => at.map(({ field }) => field)))].join(', ')
    throw new LabError(
      'USAGE',
      `there would be ${slices.length} maps, at most ${maxMaps}; take values of ${more} with --at`,
    )
  }
  const color = options.color ?? spec.map?.color ?? 't_grok'
  const maps = slices.map((slice) => ({ ...slice, map: mapRuns(slice.runs, { x, y }) }))
  const layers = maps.map(({ map }) => layerOf(map, color, options))
  const panels = inSameColors(maps, layers)
  return options.boundary
    ? panels.map((panel, place) => bounded(panel, maps[place]!.map, color, options.boundary!))
    : panels
}

function layerOf(
  map: RunMap,
  color: string,
  { statistic = 'median', thresholds = usualThresholds }: MapOptions,
): MapLayer {
  if (color === 'phase') return phaseLayer(map, thresholds)
  return statistic === 'exponent' ? exponentLayer(map, color) : quantityLayer(map, color, statistic)
}

/** A color that is no time at which something happens is drawn under the boundary of generalization. */
function bounded(panel: MapPanel, map: RunMap, color: string, along: 'x' | 'y'): MapPanel {
  const { axis, field } = along === 'x' ? map.x : map.y
  if (axis.ticks) throw new LabError('USAGE', `--boundary ${along}: the values of ${field} are no numbers`)
  const own = color === 'phase' ? undefined : findQuantity(color)
  return { ...panel, boundary: shareBoundary(map, along, own?.isTime ? own : findQuantity('t_grok')) }
}

function axesOf({ map }: SweepSpec, fields: readonly string[], { x, y }: MapOptions): { x: string; y: string } {
  for (const [side, field] of Object.entries({ x, y })) {
    if (field !== undefined && !fields.includes(field)) {
      throw new LabError('USAGE', `--${side}: ${quote(field)} is no axis of this sweep; one of ${fields.join(', ')}`)
    }
  }
  const across = x ?? (map && map.x !== y ? map.x : fields.findLast((field) => field !== y))
  const up = y ?? (map && map.y !== across ? map.y : fields.find((field) => field !== across))
  if (across === undefined || up === undefined) {
    throw new LabError('USAGE', `a map has two axes; this sweep has one, ${fields.join(', ')}`)
  }
  if (across === up) throw new LabError('USAGE', `--x and --y are both ${quote(x)}; a map has two axes`)
  return { x: across, y: up }
}

function sliced(
  runs: readonly RunSummary[],
  { field, value }: { field: string; value: string },
  fields: readonly string[],
): RunSummary[] {
  if (!fields.includes(field)) {
    throw new LabError('USAGE', `--at: ${quote(field)} is no axis of this sweep; one of ${fields.join(', ')}`)
  }
  const isAt = (run: RunSummary) =>
    String(valueOnAxis(run, field)) === value || valueOnAxis(run, field) === Number(value)
  const found = runs.filter(isAt)
  if (found.length > 0) return found
  const values = [...new Set(runs.map((run) => valueOnAxis(run, field)))].slice(0, 20).join(', ')
  throw new LabError('USAGE', `--at: ${field} is nowhere ${quote(value)}; it is ${values}`)
}

interface Slice {
  at: { field: string; value: number | string }[]
  runs: RunSummary[]
}

/** The runs apart by the fields that two of them at one place of the map differ in. */
function slicesOf(runs: readonly RunSummary[], fields: readonly string[], { x, y }: { x: string; y: string }): Slice[] {
  const others = slicedFields(runs, fields, { x, y })
  const slices = new Map<string, Slice>()
  for (const run of runs) {
    const at = others.map((field) => ({ field, value: valueOnAxis(run, field) }))
    const key = JSON.stringify(at)
    const slice = slices.get(key) ?? { at, runs: [] }
    slices.set(key, slice)
    slice.runs.push(run)
  }
  return [...slices.values()]
}

/** What stands in one color means the same in every map. */
function inSameColors(maps: readonly (Slice & { map: RunMap })[], layers: readonly MapLayer[]): MapPanel[] {
  const all = layers.flatMap(({ cells }) => cells)
  return maps.map(({ at, map }, place) => {
    const panel = mapPanel(map, layers[place]!, all)
    if (maps.length === 1) return panel
    const title = at.map(
      ({ field, value }) => `${nameOf(field)} = ${typeof value === 'number' ? formatGiven(value) : value}`,
    )
    const sliced = Object.fromEntries(
      at.map(({ field, value }) => [field, new Array<string>(map.cells.length).fill(String(value))]),
    )
    return {
      ...panel,
      id: `${panel.id}-${place + 1}`,
      title: title.join(', '),
      caption: '',
      with: { ...sliced, ...panel.with },
    }
  })
}

function nameOf(field: string): string {
  const { symbol, label = field } = wordsOfField(field) ?? {}
  return symbol === undefined ? label : symbol.includes('_') ? symbol : `$${symbol}$`
}
