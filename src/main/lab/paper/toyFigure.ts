import type { ExperimentInput } from '../../../shared/experiment.ts'
import type { MeasurementName } from '../../../shared/measurements.ts'
import type { Axis, LinePanel, Series } from '../../../shared/panel.ts'
import type { RecordedRun } from '../../../shared/paper.ts'
import { toyModels, type ToyModelName, type ToyTask } from '../../../shared/toyTask.ts'
import { zeroLossCurves } from '../toys/zeroLossCurves.ts'

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

/** The runs of one model. */
export function runsOf(runs: readonly RecordedRun[], model: ToyModelName): RecordedRun[] {
  return runs.filter(({ spec: { task } }) => task.kind === 'toy' && task.model === model)
}

export function startOf({ spec: { task } }: RecordedRun): ToyTask['start'] {
  return task.kind === 'toy' ? task.start : []
}

/** λ of a toy run. */
export function ridgeOf({ spec: { dynamics } }: RecordedRun): number {
  return dynamics.kind === 'gradientFlow' ? dynamics.ridge : NaN
}

/** The flow's own time at each measurement. */
export function timesOf({ spec: { dynamics }, curves }: RecordedRun): Float64Array {
  const stepSize = dynamics.kind === 'gradientFlow' ? dynamics.integrator.stepSize : NaN
  return curves.step.map((step) => step * stepSize)
}

export function curveOf({ curves }: RecordedRun, name: MeasurementName): Float64Array {
  return curves[name] ?? new Float64Array(curves.step.length).fill(NaN)
}

/** The weights at each measurement: one list per weight. */
export function weightsOf(run: RecordedRun): Float64Array[] {
  return (['weight1', 'weight2', 'weight3'] as const).slice(0, startOf(run).length).map((name) => curveOf(run, name))
}

/** A value at the first measurement at or after a time; nothing where the run has not come so far. */
export function valueAtTime(run: RecordedRun, name: MeasurementName, time: number): number[] {
  const at = timesOf(run).findIndex((other) => other >= time - 1e-9)
  return at < 0 ? [] : [curveOf(run, name)[at]!]
}

/** Runs that came to their end. */
export function finished(runs: readonly RecordedRun[]): RecordedRun[] {
  return runs.filter(({ curves, spec }) => curves.step.at(-1) === spec.dynamics.steps)
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
  const axis = (symbol: string): Axis => ({ label: '', symbol, scale: 'linear', least: -reach, most: reach })
  const set = zeroLossCurves(model, reach).map(({ x, y }): Series => ({ name: 'zero loss', role: 'start', x, y }))
  const paths = runs.map((run, i): Series => {
    const [x, y] = weightsOf(run)
    return { name: label(run), role: 'single', colour: i % 6, x: x!, y: y! }
  })
  const starts: Series = {
    name: 'start',
    role: 'points',
    x: Float64Array.from(runs, (run) => startOf(run)[0]!),
    y: Float64Array.from(runs, (run) => startOf(run)[1]!),
  }
  return {
    kind: 'lines',
    id: `${model}-plane`,
    title,
    caption: `zero-loss set ${toyModels[model].zeroLossSet}`,
    x: axis(first),
    y: axis(second),
    series: [...set, ...paths, ...(runs.length > 0 ? [starts] : [])],
    equalAspect: true,
  }
}
