import { formatCount } from '../../../../shared/formatting/formatNumber.ts'
import type { MeasurementName } from '../../../../shared/measurements.ts'
import type { LinePanel, PlotPanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { threeDecimals, valueAtStep, valuesOf, type PaperFigure, type Statement } from '../figure.ts'

const source = 'Musat, Sec. 5, Fig. 5'
const steps = 40_000

/**
 * Figure 5: training on addition modulo 11, d_h = 128, relu, 59 of 66 pairs, uniform ±1/√fan_in, full-batch gradient descent
 * η = 1 with decay 1e-4, mean squared error, five seeds. Once memorized, the update θ_t − θ_{t−10} turns towards the
 * norm-minimizing direction −P_T θ at the projection of θ_t on the zero-loss set, and away again as motion becomes slow.
 * Measured with the exact projection and with the paper's hundred momentum steps.
 */
export const figure5: PaperFigure<'musat2025/fig5'> = {
  id: 'musat2025/fig5',
  number: 'Fig. 5',
  title: 'Direction of the updates',
  summary: 'After memorization the update points along the norm-minimizing direction.',
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
  evaluate: (runs) => ({ statements: statements(runs), panels: panels(runs) }),
}

/** t_memorize; undefined where a run has not memorized. */
export function memorizedStep({ events }: RecordedRun): number | undefined {
  return events.memorized?.step
}

/** That the training set is memorized by step 500; a run that never does so fails it. */
export function memorizedStatement(runs: readonly RecordedRun[]): Statement {
  return {
    source,
    basis: 'paper',
    id: 'memorized',
    text: 'Step at which the training set is memorized',
    values: valuesOf(runs, memorizedStep),
    range: { max: 500 },
    format: formatCount,
  }
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const paper = { source, basis: 'paper', format: threeDecimals } as const
  const delay = (run: RecordedRun) => peak(run, 'normMinimizingCosine').step - (memorizedStep(run) ?? NaN)
  return [
    memorizedStatement(runs),
    {
      ...paper,
      id: 'peak',
      text: 'Largest cosine, exact projection',
      values: valuesOf(runs, (run) => peak(run, 'normMinimizingCosine').value),
      range: { min: 0.7 },
    },
    {
      ...paper,
      id: 'paperPeak',
      text: 'Largest cosine, projection by 100 steps',
      values: valuesOf(runs, (run) => peak(run, 'normMinimizingCosinePaper').value),
      range: { min: 0.7 },
    },
    {
      ...paper,
      id: 'delay',
      text: 'Steps from memorization to the peak',
      values: valuesOf(runs, delay),
      // The paper's peak is near step 2500; within a factor of two.
      range: { min: 1250, max: 5000 },
      format: formatCount,
    },
    {
      ...paper,
      id: 'decline',
      text: `Cosine at step ${formatCount(steps)}`,
      values: valuesOf(runs, (run) => valueAtStep(run, 'normMinimizingCosine', steps)),
      range: { max: 0.4 },
    },
  ]
}

/** The largest value once memorized, and its step; NaN where there is none. */
function peak(run: RecordedRun, name: MeasurementName): { step: number; value: number } {
  const from = memorizedStep(run) ?? Infinity
  const curve = run.curves[name] ?? new Float64Array()
  return curve.reduce(
    (best, value, i) =>
      run.curves.step[i]! >= from && value > best.value ? { step: run.curves.step[i]!, value } : best,
    { step: NaN, value: -Infinity },
  )
}

function panels(runs: readonly RecordedRun[]): PlotPanel[] {
  return [
    cosinePanel(runs, 'normMinimizingCosine', 'cosine', 'Exact projection'),
    cosinePanel(runs, 'normMinimizingCosinePaper', 'cosine-paper', 'Projection by 100 momentum steps'),
    {
      kind: 'lines',
      id: 'distance',
      title: 'Distance to the zero-loss set',
      caption: '‖θ − Π(θ)‖',
      x: { label: 'step', scale: 'log', min: 100, isCounted: true },
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
    x: { label: 'step', scale: 'log', min: 100, isCounted: true },
    y: { label: 'cosine with −P_T θ', column: 'cosine', scale: 'linear', min: -0.4, max: 1 },
    series: measuredSeries(runs, name),
    expectations: [{ label: 'peak of the paper', min: 0.75, max: 0.85 }],
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
      color: i % 6,
      of: { seed: run.spec.seed },
      with: { step, tau: Float64Array.from(measured, (at) => run.curves.tau[at]!) },
      x: step,
      y: Float64Array.from(measured, (at) => curve[at]!),
    }
  })
}
