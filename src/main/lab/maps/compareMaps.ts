import { LabError } from '../../../shared/errors.ts'
import type { CellValue } from '../../../shared/map/cellStatistics.ts'
import { valueOnAxis } from '../../../shared/map/mapAxis.ts'
import type { MapComparison, NamedRuns } from '../../../shared/map/mapComparison.ts'
import { countRuns, hasEnded } from '../../../shared/map/mapCells.ts'
import {
  colorOfMap,
  usualThresholds,
  type MapOptions,
  type MapPlane,
  type SliceValue,
} from '../../../shared/map/mapOptions.ts'
import { mapPanel, mapRuns, quantityLayer, type MapLayer, type RunMap } from '../../../shared/map/mapPanel.ts'
import { findQuantity, type MapQuantity } from '../../../shared/map/mapQuantity.ts'
import type { MapPanel } from '../../../shared/panel.ts'
import type { RunSummary } from '../../../shared/run.ts'
import type { Facets } from '../../../shared/specification/facets.ts'
import { comparedLines } from './comparedLines.ts'
import { axesOf, drawMaps } from './drawMaps.ts'
import { noMajority, phaseOfMost, type MostPhase } from './mapLayers.ts'
import { comparePairs, medianEffect, type PairedReading } from './pairedReadings.ts'
import { requireAxis, sliceRuns } from './sliceRuns.ts'

/** What tells both apart on the plane that has both. */
const side = 'sweep'

/**
 * Compares runs over one plane: maps of both in the same colors, and one of the median over seeds of how a run of the second differs from
 * the run of the first with the same values and seed: log₂ of the ratio, or the difference, as `comparePairs` has it; of phases,
 * whether most seeds are in another. Runs that differ in one field alone are compared along it, as lines, of phases by when they generalized.
 * Throws USAGE where more than two axes are left, nothing is common, or as `drawMaps` does.
 */
export function compareMaps(
  plane: MapPlane,
  sides: readonly [NamedRuns, NamedRuns],
  options: MapOptions = {},
): MapComparison {
  const { statistic = 'median', boundary: _, ...given } = options
  if (statistic !== 'median') throw new LabError('USAGE', `--of ${statistic}: two maps are compared by their medians`)
  const isLine = plane.fields.length === 1 && options.y === undefined
  const { x, y } = isLine ? onlyAxis(plane, options) : axesOf(plane, options)
  const shown = sides.map((runs) => onePlane(runs, plane.fields, { ...options, x, y }))
  for (const [place, runs] of shown.entries()) requireOneEach(sides[place]!.name, runs, plane.fields)
  const pairs = pairRuns(shown, plane.fields)
  const names = sides.map(({ name }) => name)
  if (pairs.length === 0) {
    throw new LabError('USAGE', `no run of ${names[1]} has the values and the seed of one of ${names[0]}`)
  }
  const compared = new Set(pairs.filter((pair) => pair.every(hasEnded)).flat())
  const color = colorOfMap(plane, options)
  const quantity = findQuantity(color === 'phase' ? 't_grok' : color)
  const isOfPhases = color === 'phase' && !isLine
  const thresholds = { ...usualThresholds, ...options.thresholds }

  const grouped = mapRuns(pairs.flat(), { x, y })
  const map = isLine ? inOrder(grouped) : grouped
  const [first, second] = names.map((name) => ofSide(map, name, compared))
  const phases = [first!, second!].map((own) => own.cells.map(({ runs }) => phaseOfMost(runs, thresholds)?.phase))
  const layers = [first!, second!].map((own) => quantityLayer(own, color === 'phase' ? 't_grok' : color, 'median'))
  const paired = comparePairs(
    pairs.map(([one, other]) => [quantity.read(one), quantity.read(other)]),
    quantity,
  )
  const difference = isOfPhases ? changeLayer(phases) : effectLayer(map, quantity, paired.effect === 'ratio')
  const columns = Object.fromEntries(
    ['first', 'second'].flatMap((side, place) => [
      [side, Float64Array.from(layers[place]!.cells, ({ value }) => value)],
      [`${side}_state`, layers[place]!.cells.map(({ state }) => state)],
      [`${side}_phase`, phases[place]!.map((phase) => phase ?? '')],
    ]),
  )
  const asMaps = (): MapPanel[] => {
    const panel = mapPanel(map, { ...difference, with: { ...difference.with, ...columns } })
    const maps = drawMaps({ ...plane, fields: [...plane.fields, side] }, shown.flat(), { ...given, x, y, color })
    return [...maps, { ...panel, title: `${names[1]} against ${names[0]}`, caption: difference.caption }]
  }
  return {
    panels: isLine ? comparedLines({ ...map, quantity, names, medians: layers, difference, columns }) : asMaps(),
    quantity: { id: quantity.id, isTime: quantity.isTime },
    paired,
    unpaired: [shown[0]!, shown[1]!].map((runs) => runs.filter(hasEnded).length - compared.size / 2) as [
      number,
      number,
    ],
    phases: changesOf(map, phases, { x, y }),
    values: isLine
      ? map.cells.map(({ runs }, cell) => ({
          at: valueOnAxis(runs[0]!, x),
          first: layers[0]!.cells[cell]!,
          second: layers[1]!.cells[cell]!,
          effect: difference.cells[cell]!,
          phases: [phases[0]![cell] ?? null, phases[1]![cell] ?? null],
        }))
      : [],
    settings: differingSettings(shown, plane.fields),
  }
}

/** Along the only axis that there is; cells are those of a plane on its diagonal. */
function onlyAxis({ fields }: MapPlane, { x }: MapOptions): { x: string; y: string } {
  if (x !== undefined) requireAxis(x, fields, '--x')
  const [field] = fields
  return { x: field!, y: field! }
}

function inOrder(map: RunMap): RunMap {
  const cells = map.cells.toSorted((one, other) => one.x - other.x)
  return { ...map, cells, counts: cells.map(countRuns) }
}

/** The runs of one of both at the values that are asked for, told apart by its name. Throws USAGE where more than a plane is left. */
function onePlane(
  { name, runs }: NamedRuns,
  fields: readonly string[],
  { x, y, at = [] }: { x: string; y: string; at?: readonly SliceValue[] },
): RunSummary[] {
  const { shown, slices } = sliceRuns(runs, fields, { on: [x, y], at })
  if (slices.length > 1) {
    const more = slices[0]!.at.map(({ field }) => field).join(', ')
    throw new LabError(
      'USAGE',
      `${name} varies in ${more} too; two axes can be compared: take one value of each other with --at`,
    )
  }
  return shown.map((run) => ({ ...run, facets: { ...run.facets, [side]: name } as Facets }))
}

type RunPair = readonly [first: RunSummary, second: RunSummary]

/** Throws USAGE where runs with the same values and seed differ in a field that is none of these: which of them is the counterpart? */
function requireOneEach(name: string, runs: readonly RunSummary[], fields: readonly string[]): void {
  for (const alike of Map.groupBy(runs, (run) => keyOf(run, fields)).values()) {
    const [first] = alike
    const named = new Set(alike.flatMap(({ facets }) => Object.keys(facets)))
    const among = [...named].filter((field) =>
      alike.some((run) => valueOnAxis(run, field) !== valueOnAxis(first!, field)),
    )
    if (among.length === 0) continue
    throw new LabError(
      'USAGE',
      `${name} varies in ${among.join(', ')} beside ${fields.join(', ')}, so that a run has several counterparts; compare sweeps over the same axes`,
    )
  }
}

function keyOf(run: RunSummary, fields: readonly string[]): string {
  return JSON.stringify([run.seed, ...fields.map((field) => valueOnAxis(run, field))])
}

function pairRuns([first = [], second = []]: readonly RunSummary[][], fields: readonly string[]): RunPair[] {
  const others = new Map(second.map((run) => [keyOf(run, fields), run]))
  return first.flatMap((run): RunPair[] => {
    const other = others.get(keyOf(run, fields))
    return other ? [[run, other]] : []
  })
}

/** The same cells with those runs of one of both that are compared. */
function ofSide(map: RunMap, name: string, compared: ReadonlySet<RunSummary>): RunMap {
  const cells = map.cells.map((cell) => ({
    ...cell,
    runs: cell.runs.filter((run) => compared.has(run) && valueOnAxis(run, side) === name),
  }))
  return { ...map, cells, counts: cells.map(countRuns) }
}

/** Of each cell the median over its seeds of how the second run differs from the first. */
function effectLayer({ cells }: RunMap, quantity: MapQuantity, isRatio: boolean): MapLayer {
  const values = cells.map(({ runs }): CellValue => {
    // The runs of a pair follow on one another.
    const readings = runs.map(quantity.read)
    const pairs = readings.flatMap((reading, place): PairedReading[] =>
      place % 2 === 0 ? [[reading, readings[place + 1]!]] : [],
    )
    const effect = medianEffect(pairs, isRatio)
    if (Number.isFinite(effect)) return { state: 'value', value: isRatio ? effect / Math.LN2 : effect, above: NaN }
    const isKnown = pairs.some(([first, second]) => first && second)
    return { state: isKnown ? 'censored' : 'missing', value: NaN, above: NaN }
  })
  const sizes = values.flatMap(({ state, value }) => (state === 'value' ? [Math.abs(value)] : []))
  const bound = Math.max(0, ...sizes) || 1
  return {
    cells: values,
    value: `${quantity.id}_${isRatio ? 'log2_ratio' : 'difference'}`,
    valueLabel: `${isRatio ? 'log₂ of the ratio of' : 'difference of'} ${quantity.label}`,
    colors: 'diverging',
    colorScale: 'linear',
    range: [-bound, bound],
    caption: `${isRatio ? 'log₂ of the ratio of' : 'difference of'} ${quantity.symbol}, median over seeds`,
    beyond: 'not in time',
    hasContours: false,
  }
}

/** Whether most seeds of a cell are in another phase; undecided where one of both has no majority. */
function changeLayer([first = [], second = []]: readonly (MostPhase | undefined)[][]): MapLayer {
  const cells = first.map((phase, cell): CellValue => {
    const other = second[cell]
    if (phase === undefined || other === undefined) return { state: 'missing', value: NaN, above: NaN }
    if (phase === noMajority || other === noMajority) return { state: 'undecided', value: NaN, above: NaN }
    return { state: 'value', value: phase === other ? 0 : 1, above: NaN }
  })
  return {
    cells,
    value: 'phase_changed',
    valueLabel: 'phase of learning',
    colors: 'sequential',
    colorScale: 'linear',
    kinds: ['the same', 'another'],
    caption: 'phase of most seeds',
    hasContours: false,
  }
}

function changesOf(
  { cells }: RunMap,
  [first = [], second = []]: readonly (MostPhase | undefined)[][],
  { x, y }: { x: string; y: string },
): MapComparison['phases'] {
  const known = [...cells.keys()].filter((cell) => first[cell] !== undefined && second[cell] !== undefined)
  const decided = known.filter((cell) => first[cell] !== noMajority && second[cell] !== noMajority)
  const changed = decided.filter((cell) => first[cell] !== second[cell])
  return {
    cells: decided.length,
    undecided: known.length - decided.length,
    changed: changed.map((cell) => {
      const [run] = cells[cell]!.runs
      return {
        at: { [x]: valueOnAxis(run!, x), [y]: valueOnAxis(run!, y) },
        first: first[cell]!,
        second: second[cell]!,
      }
    }),
  }
}

/** What all runs of either have in common, where that is not the same. */
function differingSettings(shown: readonly RunSummary[][], fields: readonly string[]): MapComparison['settings'] {
  const names = new Set(shown.flat().flatMap(({ facets }) => Object.keys(facets)))
  return [...names].sort().flatMap((field) => {
    if (field === side || fields.includes(field)) return []
    const [first, second] = shown.map((runs) => {
      const values = new Set(runs.map(({ facets }) => (facets as Record<string, string | number>)[field] ?? null))
      return values.size === 1 ? [...values][0]! : undefined
    })
    return first === second || first === undefined || second === undefined ? [] : [{ field, first, second }]
  })
}
