import { LabError } from '../../../shared/errors.ts'
import { colorOfMap, usualThresholds, type MapOptions, type MapPlane } from '../../../shared/map/mapOptions.ts'
import { fieldAtValue } from '../../../shared/map/mapAxis.ts'
import { mapPanel, mapRuns, quantityLayer, type MapLayer, type RunMap } from '../../../shared/map/mapPanel.ts'
import type { MapPanel } from '../../../shared/panel.ts'
import { findQuantity } from '../../../shared/map/mapQuantity.ts'
import { quote } from '../../../shared/quote.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { exponentLayer, phaseLayer, shareBoundary } from './mapLayers.ts'
import { requireAxis, sliceRuns, type Slice } from './sliceRuns.ts'

/** So many maps stand beside each other at most. */
const maxMaps = 24

/**
 * Runs as maps, such as those of a sweep: one, or one for each combination of the values of the fields that are on neither axis, with
 * the same colors. Throws USAGE naming what is no axis, no value of one, or too much.
 */
export function drawMaps(plane: MapPlane, runs: readonly RunSummary[], options: MapOptions = {}): MapPanel[] {
  const { fields } = plane
  const { x, y } = axesOf(plane, options, ', along which `sweep line` draws them')
  const { slices } = sliceRuns(runs, fields, { on: [x, y], at: options.at ?? [] })
  if (slices.length > maxMaps) {
    const more = [...new Set(slices.flatMap(({ at }) => at.map(({ field }) => field)))].join(', ')
    throw new LabError(
      'USAGE',
      `there would be ${slices.length} maps, at most ${maxMaps}; take values of ${more} with --at`,
    )
  }
  const color = colorOfMap(plane, options)
  const maps = slices.map((slice) => ({ ...slice, map: mapRuns(slice.runs, { x, y }) }))
  const layers = maps.map(({ map }) => layerOf(map, color, options))
  const panels = inSameColors(maps, layers)
  return options.boundary
    ? panels.map((panel, place) => bounded(panel, maps[place]!.map, color, options.boundary!))
    : panels
}

function layerOf(map: RunMap, color: string, { statistic = 'median', thresholds = {} }: MapOptions): MapLayer {
  if (color === 'phase') return phaseLayer(map, { ...usualThresholds, ...thresholds })
  return statistic === 'exponent' ? exponentLayer(map, color) : quantityLayer(map, color, statistic)
}

/** A color that is no time at which something happens is drawn under the boundary of generalization. */
function bounded(panel: MapPanel, map: RunMap, color: string, along: 'x' | 'y'): MapPanel {
  const { axis, field } = along === 'x' ? map.x : map.y
  if (axis.ticks) throw new LabError('USAGE', `--boundary ${along}: the values of ${field} are no numbers`)
  const own = color === 'phase' ? undefined : findQuantity(color)
  return { ...panel, boundary: shareBoundary(map, along, own?.isTime ? own : findQuantity('t_grok')) }
}

/** Throws USAGE where there are no two, or another is asked for than there is; `instead` says what can be done along one. */
export function axesOf({ fields, map }: MapPlane, { x, y }: MapOptions, instead = ''): { x: string; y: string } {
  for (const [side, field] of Object.entries({ x, y })) {
    if (field !== undefined) requireAxis(field, fields, `--${side}`)
  }
  const across = x ?? (map && map.x !== y ? map.x : fields.findLast((field) => field !== y))
  const up = y ?? (map && map.y !== across ? map.y : fields.find((field) => field !== across))
  if (across === undefined || up === undefined) {
    const which = fields.length === 0 ? 'no field' : `${fields.join(', ')} alone${instead}`
    throw new LabError('USAGE', `a map has two axes; these runs differ in ${which}`)
  }
  if (across === up) throw new LabError('USAGE', `--x and --y are both ${quote(x)}; a map has two axes`)
  return { x: across, y: up }
}

/** What stands in one color means the same in every map. */
function inSameColors(maps: readonly (Slice & { map: RunMap })[], layers: readonly MapLayer[]): MapPanel[] {
  const all = layers.flatMap(({ cells }) => cells)
  return maps.map(({ at, map }, place) => {
    const panel = mapPanel(map, layers[place]!, all)
    if (maps.length === 1) return panel
    const title = at.map(fieldAtValue)
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
