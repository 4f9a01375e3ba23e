import type { MeasurementName } from '../../../shared/measurements.ts'
import type { LinePanel, Panel, Series } from '../../../shared/panel.ts'
import type { Claim, RecordedRun } from '../../../shared/paper.ts'
import { rangeClaim, threeDecimals, valueAtStep, wholeNumber, type PaperFigure } from './figure.ts'

const source = 'Musat, Sec. 5, Fig. 5'
const steps = 40_000

/**
 * Figure 5: training on addition modulo 11, d_h = 128, relu, 59 of 66 pairs, uniform ±1/√fan_in, full-batch gradient descent
 * η = 1 with decay 1e-4, mean squared error, five seeds. Once memorised, the update θ_t − θ_(t−10) turns towards the
 * norm-minimising direction −P_T θ at the projection of θ_t on the zero-loss set, and away again as motion becomes slow.
 * Measured with the exact projection and with the paper's hundred momentum steps.
 */
export const figure5: PaperFigure = {
  id: 'fig5',
  number: 'Fig. 5',
  title: 'Direction of the updates',
  summary: 'After memorisation the update points along the norm-minimising direction.',
  source,
  needs: {
    measurements: ['normMinimizingCosine', 'normMinimizingCosinePaper', 'distanceToZeroLoss', 'testMse', 'trainMse'],
    snapshots: 'none',
  },
  experiments: () => [
    {
      name: 'Paper, figures 5 and 7',
      task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.894 },
      network: { hidden: 128, activation: 'relu' },
      initialization: { kind: 'uniform' },
      dynamics: { kind: 'training', optimizer: 'gradientDescent', learningRate: 1, weightDecay: 1e-4, steps },
      seeds: [0, 1, 2, 3, 4],
      record: { measureEvery: 20, snapshots: 'log', geometry: { every: 100, lag: 10 } },
    },
  ],
  evaluate: (runs) => ({ claims: claims(runs), panels: panels(runs) }),
}

/** t_memorise of the runs that have memorised. */
export function memorisedSteps(runs: readonly RecordedRun[]): number[] {
  return runs.flatMap((run) => run.events.flatMap(({ name, step }) => (name === 'memorised' ? [step] : [])))
}

/** The claim that every finished run has memorised by step 500; a run that never does counts as beyond all. */
export function memorisedClaim(runs: readonly RecordedRun[]): Claim {
  const values = finished(runs).map((run) => memorisedSteps([run])[0] ?? Infinity)
  return rangeClaim(
    'memorised',
    'Step at which the training set is memorised',
    source,
    values,
    { most: 500 },
    wholeNumber,
  )
}

export function finished(runs: readonly RecordedRun[]): RecordedRun[] {
  return runs.filter((run) => run.curves.step.at(-1) === run.spec.dynamics.steps)
}

function claims(runs: readonly RecordedRun[]): Claim[] {
  const peaks = finished(runs).map((run) => ({ run, ...peak(run, 'normMinimizingCosine') }))
  const paperPeaks = finished(runs).map((run) => peak(run, 'normMinimizingCosinePaper').value)
  const delays = peaks.map(({ run, step }) => step - (memorisedSteps([run])[0] ?? NaN))
  const ends = finished(runs).flatMap((run) => valueAtStep(run, 'normMinimizingCosine', steps) ?? [])
  return [
    memorisedClaim(runs),
    rangeClaim(
      'peak',
      'Largest cosine, exact projection',
      source,
      peaks.map(({ value }) => value),
      { least: 0.7 },
    ),
    rangeClaim('paperPeak', 'Largest cosine, projection by 100 steps', source, paperPeaks, { least: 0.7 }),
    rangeClaim('delay', 'Steps from memorisation to the peak', source, delays, { least: 0, most: 5000 }, wholeNumber),
    rangeClaim('decline', `Cosine at step ${steps}`, source, ends, { most: 0.4 }, threeDecimals),
  ]
}

/** The largest value once memorised, and its step. */
function peak(run: RecordedRun, name: MeasurementName): { step: number; value: number } {
  const from = memorisedSteps([run])[0] ?? Infinity
  const curve = run.curves[name] ?? new Float64Array()
  return curve.reduce(
    (best, value, i) =>
      run.curves.step[i]! >= from && value > best.value ? { step: run.curves.step[i]!, value } : best,
    { step: NaN, value: -Infinity },
  )
}

function panels(runs: readonly RecordedRun[]): Panel[] {
  return [
    cosinePanel(runs, 'normMinimizingCosine', 'cosine', 'Exact projection'),
    cosinePanel(runs, 'normMinimizingCosinePaper', 'cosine-paper', 'Projection by 100 momentum steps'),
    {
      kind: 'lines',
      id: 'distance',
      title: 'Distance to the zero-loss set',
      caption: '‖θ − Π(θ)‖',
      x: { label: 'step', scale: 'log', least: 100 },
      y: { label: 'distance', scale: 'log' },
      series: measuredSeries(runs, 'distanceToZeroLoss'),
    },
  ]
}

function cosinePanel(runs: readonly RecordedRun[], name: MeasurementName, id: string, title: string): LinePanel {
  return {
    kind: 'lines',
    id,
    title,
    caption: `θ_t − θ_(t−10) against −P_T θ_t, ${runs.length} seeds`,
    x: { label: 'step', scale: 'log', least: 100 },
    y: { label: 'cosine with −P_T θ', column: 'cosine', scale: 'linear', least: -0.4, most: 1 },
    series: measuredSeries(runs, name),
    expectations: [{ label: 'peak of the paper', least: 0.75, most: 0.85 }],
    levels: [{ at: 0, label: 'orthogonal' }],
  }
}

/** One series per run of the steps at which a quantity is measured. */
function measuredSeries(runs: readonly RecordedRun[], name: MeasurementName): Series[] {
  return runs.map((run, i) => {
    const curve = run.curves[name] ?? new Float64Array()
    const measured = [...curve.keys()].filter((at) => !Number.isNaN(curve[at]!))
    const step = Float64Array.from(measured, (at) => run.curves.step[at]!)
    return {
      name: `seed ${run.spec.seed}`,
      role: 'single',
      colour: i % 6,
      of: { seed: run.spec.seed },
      with: { step, tau: Float64Array.from(measured, (at) => run.curves.tau[at]!) },
      x: step,
      y: Float64Array.from(measured, (at) => curve[at]!),
    }
  })
}
