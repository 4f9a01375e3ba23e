import {
  measurementGroups,
  measurementOf,
  measurements,
  type MeasurementDescription,
  type MeasurementGroup,
  type MeasurementName,
} from '../measurements.ts'
import type { Axis, Expectation, LinePanel, Moment, Series } from '../panel.ts'
import { isSettled, type Curve, type RunSummary } from '../run.ts'
import { clockOf, countOf } from '../runClock.ts'
import type { StudyPanel } from '../studies/study.ts'
import type { CurveBuffer } from './curveBuffer.ts'
import { groupBand } from './groupBand.ts'
import { meanOfRuns } from './groupMean.ts'
import { curveAround, curveColumns, rowsFrom, withoutUnmeasured, type Around } from './groupCurves.ts'
import { whyEmpty } from './whyEmpty.ts'
import { axisOn, usualAxis, valuesOnAxis, type RunAxis } from './horizontalAxis.ts'

export type Shown = 'both' | 'mean' | 'single'

/** The runs that are drawn together, each in the color of its place. */
export interface RunGroup {
  runs: readonly RunSummary[]
  curves: ReadonlyMap<string, CurveBuffer>
  axis: RunAxis
  shown: Shown
  /** Where the axis ends while a run is live; in the axis's own unit. */
  end: number | null
  /** What was done to all of them, on the axis. */
  moments?: readonly Moment[]
  /** The run that they branched from. */
  parent?: ParentRun | null
}

/** A run that others branched from, drawn behind them on their own count of steps. */
export interface ParentRun extends Around {
  name: string
  curves: CurveBuffer
}

export const runName = (run: RunSummary) => `seed ${run.seed}`

/** From zero, or from as far back as the run is shown that it branched from. */
export function horizontalAxis({ axis, end, parent, runs }: Pick<RunGroup, 'axis' | 'end' | 'parent' | 'runs'>): Axis {
  const facets = runs.map((run) => run.facets)
  const clock = clockOf(...facets)
  const shown = axisOn(axis === 'tau' ? usualAxis(clock) : axis, clock, countOf(...facets))
  const min = parent ? minOf(parent, axis) : 0
  return { ...shown, ...(shown.scale === 'linear' && { min }), ...(end !== null && { max: end }) }
}

export interface PanelText {
  caption: string
  expectations?: Expectation[]
  levels?: LinePanel['levels']
  /** Why there is nothing to draw, where that is not what `whyEmpty` says of the runs. */
  empty?: string
}

/** One measurement of the group: single runs thin, their mean strong. */
export function measurementPanel(
  group: RunGroup,
  name: MeasurementName,
  { caption, expectations = [], levels = [], empty = whyEmpty(group.runs, group.curves) }: PanelText,
): LinePanel {
  const { label, unit, scale, range }: MeasurementDescription = measurements[name]
  const bounds = range && scale === 'linear' ? { min: range[0], max: range[1] } : {}
  return {
    kind: 'lines',
    id: name,
    title: label[0]!.toUpperCase() + label.slice(1),
    caption,
    x: horizontalAxis(group),
    y: { label: unit, alone: label, column: name, scale, ...bounds },
    series: [...parentSeries(group, [name]), ...seriesOf(group, name)],
    expectations,
    levels,
    moments: group.moments ?? [],
    empty,
  }
}

/** The same of held-out and of training pairs: the first as `measurementPanel` has it, the second dashed. */
export function splitPanel(group: RunGroup, kind: MeasurementGroup, words: PanelText): LinePanel {
  const { title, vertical } = measurementGroups[kind]
  const panel = measurementPanel(group, measurementOf(kind, 'test'), words)
  const isAlone = group.runs.length === 1
  const named = (pairs: 'test' | 'training', { name, of, ...series }: Series): Series => ({
    ...series,
    // The run that they branched from is called by its name, as in every chart.
    name: series.role === 'context' ? name : isAlone ? pairs : `${pairs}, ${name}`,
    of: { pairs, ...of },
  })
  const training = seriesOf(group, measurementOf(kind, 'training'))
  const mean = training.filter(({ role }) => role !== 'single')
  const beside = (mean.length > 0 ? mean : training).map((series): Series => ({
    ...named('training', series),
    role: 'theory',
  }))
  return {
    ...panel,
    id: kind,
    title,
    y: { ...panel.y, label: vertical, alone: asLabel(title), column: kind },
    series: [...panel.series.map((series) => named('test', series)), ...beside],
  }
}

/** What a study draws together: what depends on the seed as `measurementPanel` has it, what does not once and dashed. */
export function studyPanel(
  group: RunGroup,
  { title, curves }: StudyPanel<MeasurementName>,
  words: PanelText,
): LinePanel {
  const isAlone = group.runs.length === 1
  const series = curves.flatMap(({ measurement, name, isDrawnBySeed }, place): Series[] => {
    if (isDrawnBySeed) {
      return seriesOf(group, measurement).map(({ name: run, of, ...each }): Series => ({
        ...each,
        name: isAlone ? name : `${name}, ${run}`,
        of: { curve: name, ...of },
      }))
    }
    const curve = groupCurve(group, measurement)
    const color = firstOfTheories + place
    return curve ? [{ ...lineOf(curve, group), name, role: 'theory', color, of: { curve: name } }] : []
  })
  const panel = measurementPanel(group, curves[0]!.measurement, words)
  return { ...panel, y: { ...panel.y, alone: asLabel(title) }, title, series }
}

function asLabel(title: string): string {
  return title[0]!.toLowerCase() + title.slice(1)
}

/** The colors before are those of the first seeds. */
const firstOfTheories = 2

/** The curves of those runs of the group that have any. */
export function curvesOf(
  group: Pick<RunGroup, 'runs' | 'curves'>,
  name: MeasurementName,
): { run: RunSummary; curve: Curve; place: number }[] {
  return group.runs.flatMap((run, place) => {
    const curve = group.curves.get(run.id)?.curve(name)
    return curve ? [{ run, curve: withoutUnmeasured(curve), place }] : []
  })
}

/** The curve of the group's run that has come furthest: its rows tell the clock at every step that any of them has reached. */
export function furthestCurve(group: Pick<RunGroup, 'runs' | 'curves'>, name: MeasurementName): Curve | null {
  return curvesOf(group, name).reduce<Curve | null>(
    (furthest, { curve }) => ((curve.step.at(-1) ?? -1) > (furthest?.step.at(-1) ?? -1) ? curve : furthest),
    null,
  )
}

/** The mean of a group's runs at the steps that all of them have reached; `null` where there is none, or one run. */
export function meanOf({ runs, curves }: Pick<RunGroup, 'runs' | 'curves'>, name: MeasurementName): Curve | null {
  const buffers = runs.flatMap((run) => curves.get(run.id) ?? []).filter((buffer) => buffer.curve(name))
  if (buffers.length < runs.length) return null
  const mean = meanOfRuns(buffers, name)
  return mean && mean.step.length > 0 ? withoutUnmeasured(mean) : null
}

/**
 * The mean beyond the steps that all have reached, of those that have come further; `null` where there is none, or while a run of
 * the group goes on, for which it waits.
 */
export function meanOfFewer(group: Pick<RunGroup, 'runs' | 'curves'>, name: MeasurementName): FewerMean | null {
  const mean = meanOf(group, name)
  if (!mean || !group.runs.every(({ status }) => isSettled(status))) return null
  // From the last step of all on, where its clock goes on.
  const further = curvesOf(group, name).map(({ curve }) => rowsFrom(curve, mean.step.at(-1)!))
  const { step, tau, seconds, center, reached } = groupBand(further, 'deviation')
  const beyond = <Column extends Float64Array | Int32Array>(column: Column) => column.subarray(1) as Column
  const curve = { step: beyond(step), tau: beyond(tau), seconds: beyond(seconds), value: beyond(center) }
  return step.length > 1 ? { ...curve, reached: beyond(reached) } : null
}

export interface FewerMean extends Curve {
  reached: Int32Array
}

export function meanName({ runs }: Pick<RunGroup, 'runs'>): string {
  return `mean of ${runs.length}`
}

/** What stands for the whole group: the mean, or the curve of its only run. */
export function groupCurve(group: Pick<RunGroup, 'runs' | 'curves'>, name: MeasurementName): Curve | null {
  return group.runs.length > 1 ? meanOf(group, name) : (curvesOf(group, name)[0]?.curve ?? null)
}

function seriesOf(group: RunGroup, name: MeasurementName): Series[] {
  const curves = curvesOf(group, name)
  const mean = group.shown === 'single' ? null : meanOf(group, name)
  const singles =
    mean && group.shown === 'mean'
      ? []
      : curves.map(({ run, curve, place }): Series => ({
          ...lineOf(curve, group),
          name: runName(run),
          role: 'single',
          color: place % 6,
          of: { seed: run.seed },
        }))
  if (!mean) return singles
  const of = { statistic: 'mean' }
  return [
    ...singles,
    { ...lineOf(mean, group), name: meanName(group), role: 'mean', of: { ...of, runs: group.runs.length } },
    ...fewerSeries(group, meanOfFewer(group, name), { name: nameOfFewer(group), of }),
  ]
}

/** The rest of a mean, dotted, with how many it is of at each step. */
export function fewerSeries(
  group: RunGroup,
  mean: FewerMean | null,
  { of, ...look }: Pick<Series, 'name' | 'color' | 'of'>,
): Series[] {
  if (!mean) return []
  const line = lineOf(mean, group)
  return [
    { ...line, ...look, role: 'theory', dash: 'dotted', with: { ...line.with, runs: mean.reached }, ...(of && { of }) },
  ]
}

export function nameOfFewer({ runs }: Pick<RunGroup, 'runs'>): string {
  return `mean of fewer than ${runs.length}`
}

/** What the run that others branched from was at in these measurements, before and after. */
export function parentSeries(
  { parent, axis }: Pick<RunGroup, 'parent' | 'axis'>,
  names: readonly MeasurementName[],
): Series[] {
  if (!parent) return []
  return names.flatMap((name): Series[] => {
    const curve = parentCurve(parent, name, axis)
    if (!curve) return []
    return [
      {
        name: names.length > 1 ? `${measurements[name].symbol}, ${parent.name}` : parent.name,
        family: parent.name,
        role: 'context',
        of: { run: parent.name, ...(names.length > 1 && { measurement: name }) },
        with: curveColumns(curve),
        x: valuesOnAxis(curve, axis),
        y: curve.value,
      },
    ]
  })
}

/** A curve of the parent on the count of the branch. */
function parentCurve({ curves, ...from }: ParentRun, name: MeasurementName, axis: RunAxis): Curve | null {
  const whole = curves.curve(name)
  return whole ? curveAround(whole, from, axis === 'logStep') : null
}

function minOf(parent: ParentRun, axis: RunAxis): number {
  const curve = parentCurve(parent, 'trainLoss', axis)
  return curve ? Math.min(0, valuesOnAxis(curve, axis)[0] ?? 0) : 0
}

export function lineOf(curve: Curve, { axis }: RunGroup): Pick<Series, 'x' | 'y' | 'with'> {
  return { x: valuesOnAxis(curve, axis), y: curve.value, with: curveColumns(curve) }
}
