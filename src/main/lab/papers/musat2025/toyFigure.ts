import { requireComposed, type ExperimentInput, type RunSpec } from '../../../../shared/experiment.ts'
import { formatGiven } from '../../../../shared/formatting/formatNumber.ts'
import type { MeasurementName } from '../../../../shared/measurements.ts'
import type { Axis, LinePanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { toyModels, type ToyModelName, type ToyTask } from '../../../../shared/tasks/toy.ts'
import { zeroLossCurves } from '../../toys/zeroLossCurves.ts'

interface ToySettings {
  name: string
  model: ToyModelName
  start: number[]
  ridge: number
  /** Length in the flow's own time, and the time between measurements. */
  time: number
  every: number
}

/** An experiment on a toy model, integrated to a tolerance of 1e-9 with a hundredth of `every` as its clock step. */
export function toyExperiment({ name, model, start, ridge, time, every }: ToySettings): ExperimentInput {
  const stepSize = every / 100
  return {
    name,
    task: { kind: 'toy', model, start },
    dynamics: {
      kind: 'gradientFlow',
      ridge,
      integrator: { kind: 'dormandPrince', stepSize, tolerance: 1e-9 },
      steps: Math.round(time / stepSize),
    },
    record: { measureEvery: 100, snapshots: 'log' },
  }
}

type OfToy = Pick<RecordedRun, 'spec'>

export function isModel({ spec }: OfToy, model: ToyModelName): boolean {
  const { task } = requireComposed(spec)
  return task.kind === 'toy' && task.model === model
}

export function startOf({ spec }: OfToy): ToyTask['start'] {
  const { task } = requireComposed(spec)
  return task.kind === 'toy' ? task.start : []
}

/** λ of a toy run. */
export function ridgeOf({ spec }: OfToy): number {
  const { dynamics } = requireComposed(spec)
  return dynamics.kind === 'gradientFlow' ? dynamics.ridge : NaN
}

/** The flow's own time at each measurement. */
export function timesOf({ spec, curves }: RecordedRun): Float64Array {
  return curves.step.map((step) => step * stepSizeOf(spec))
}

/** The step at a time of the flow. */
export function stepAtTime(spec: RunSpec, time: number): number {
  return Math.round(time / stepSizeOf(spec))
}

function stepSizeOf(spec: RunSpec): number {
  const { dynamics } = requireComposed(spec)
  return dynamics.kind === 'gradientFlow' ? dynamics.integrator.stepSize : NaN
}

export function curveOf({ curves }: RecordedRun, name: MeasurementName): Float64Array {
  return curves[name] ?? new Float64Array(curves.step.length).fill(NaN)
}

/** The weights at each measurement: one list per weight. */
export function weightsOf(run: RecordedRun): Float64Array[] {
  return (['weight1', 'weight2', 'weight3'] as const).slice(0, startOf(run).length).map((name) => curveOf(run, name))
}

/** What tells the points of a toy run apart in a panel's table: λ, start, and when they were measured. */
export function timesAlong(run: RecordedRun) {
  const of = { start: describeStart(run), ridge: ridgeOf(run) }
  return { of, with: { step: run.curves.step, time: timesOf(run) } }
}

/** The same with the weights themselves, for what is drawn of them. */
export function weightsAlong(run: RecordedRun): Pick<Series, 'of' | 'with'> {
  const { of, with: times } = timesAlong(run)
  const weights = Object.fromEntries(weightsOf(run).map((weight, place) => [`weight${place + 1}`, weight]))
  return { of, with: { ...times, ...weights } }
}

/** What a run of a toy is called by its start. */
export function startLabel(run: RecordedRun): string {
  return `from (${startOf(run)
    .map((weight) => formatGiven(weight))
    .join(', ')})`
}

function describeStart(run: RecordedRun): string {
  return `(${startOf(run).join(', ')})`
}

/** A value at the first measurement at or after a time; nothing where the run has not come so far. */
export function valueAtTime(run: RecordedRun, name: MeasurementName, time: number): number[] {
  const at = timesOf(run).findIndex((other) => other >= time - 1e-9)
  return at < 0 ? [] : [curveOf(run, name)[at]!]
}

/** The plane of two weights: the zero-loss set, the trajectories, their starts and their ends. */
export function planePanel(
  model: ToyModelName,
  runs: readonly RecordedRun[],
  title: string,
  reach: number,
  label: (run: RecordedRun) => string,
): LinePanel {
  const [first, second] = toyModels[model].parameters
  const axis = (symbol: string, column: string): Axis => {
    return { label: '', column, symbol, scale: 'linear', min: -reach, max: reach }
  }
  const set = zeroLossCurves(model, reach).map(({ x, y }, branch): Series => ({
    name: `zero loss, branch ${branch + 1}`,
    family: 'zero loss',
    role: 'start',
    of: { curve: 'zero loss', branch },
    x,
    y,
  }))
  const paths = runs.map((run, i): Series => {
    const [x, y] = weightsOf(run)
    const { of, with: times } = timesAlong(run)
    return { name: label(run), role: 'single', color: i % 6, of: { ...of, curve: 'run' }, with: times, x: x!, y: y! }
  })
  const starts: Series = {
    name: 'start',
    role: 'points',
    of: { curve: 'start', step: 0, time: 0 },
    with: { start: runs.map(describeStart), ridge: Float64Array.from(runs, ridgeOf) },
    x: Float64Array.from(runs, (run) => startOf(run)[0]!),
    y: Float64Array.from(runs, (run) => startOf(run)[1]!),
  }
  return {
    kind: 'lines',
    id: `${model}-plane`,
    title,
    caption: `zero-loss set ${toyModels[model].zeroLossSet}`,
    x: axis(first, 'weight1'),
    y: axis(second, 'weight2'),
    series: [...set, ...paths, ...(runs.length > 0 ? [starts] : [])],
    equalAspect: true,
  }
}
