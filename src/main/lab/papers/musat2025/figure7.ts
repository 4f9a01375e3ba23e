import { stepsOf } from '../../../../shared/experiment.ts'
import { measurements, type MeasurementName } from '../../../../shared/measurements.ts'
import type { LinePanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { threeDecimals, valueAtStep, valuesOf, type PaperFigure, type Statement } from '../figure.ts'
import { memorizedStatement, memorizedStep } from './figure5.ts'

const source = 'Musat, App. A, Fig. 7'

/** Figure 7: accuracies and losses of the runs of Figure 5: memorized at once, generalized over tens of thousands of steps. */
export const figure7: PaperFigure<'musat2025/fig7'> = {
  id: 'musat2025/fig7',
  number: 'Fig. 7',
  title: 'Accuracies of the same runs',
  summary: 'Memorized within some 200 steps; the test error keeps falling for tens of thousands.',
  source,
  usesRunsOf: 'musat2025/fig5',
  needs: { measurements: ['trainAccuracy', 'testAccuracy', 'trainMse', 'testMse'], snapshots: 'none' },
  experiments: () => [],
  evaluate: (runs) => ({ statements: statements(runs), panels: panels(runs) }),
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const change = (name: MeasurementName, compare: (end: number, memorized: number) => number) =>
    valuesOf(runs, (run) => {
      const memorized = valueAtStep(run, name, memorizedStep(run) ?? NaN)
      const end = valueAtStep(run, name, stepsOf(run.spec))
      return memorized === undefined || end === undefined ? undefined : compare(end, memorized)
    })
  const paper = { source, basis: 'paper', format: threeDecimals } as const
  return [
    memorizedStatement(runs),
    {
      ...paper,
      id: 'testLoss',
      text: 'Test loss at the end over that at memorization',
      values: change('testMse', (end, memorized) => end / memorized),
      range: { max: 0.5 },
    },
    {
      ...paper,
      id: 'accuracy',
      text: 'Rise of the test accuracy since memorization',
      values: change('testAccuracy', (end, memorized) => end - memorized),
      range: { min: 0.4 },
    },
  ]
}

function panels(runs: readonly RecordedRun[]): LinePanel[] {
  const pair = (train: MeasurementName, test: MeasurementName): Series[] =>
    runs.flatMap((run, i) => [
      series(run, train, `seed ${run.spec.seed}, training`, i, 'start'),
      series(run, test, `seed ${run.spec.seed}, test`, i, 'single'),
    ])
  const x = { label: 'step', scale: 'log', min: 20, isCounted: true } as const
  return [
    {
      kind: 'lines',
      id: 'accuracy',
      title: 'Accuracy',
      caption: 'training muted, test in color',
      x,
      y: { label: 'share of pairs predicted correctly', column: 'accuracy', scale: 'linear', min: 0, max: 1 },
      series: pair('trainAccuracy', 'testAccuracy'),
      levels: [measurements.testAccuracy.level(11)],
    },
    {
      kind: 'lines',
      id: 'loss',
      title: 'Loss',
      caption: 'training muted, test in color',
      x,
      y: { label: 'mean squared error', column: 'meanSquaredError', scale: 'log' },
      series: pair('trainMse', 'testMse'),
    },
  ]
}

function series(run: RecordedRun, name: MeasurementName, label: string, i: number, role: Series['role']): Series {
  const family = role === 'start' ? { family: 'training' } : {}
  const y = run.curves[name] ?? new Float64Array(run.curves.step.length).fill(NaN)
  const { step, tau } = run.curves
  const of = { seed: run.spec.seed, pairs: name.startsWith('train') ? 'train' : 'test' }
  return { name: label, ...family, role, color: i % 6, of, with: { step, tau }, x: step, y }
}
