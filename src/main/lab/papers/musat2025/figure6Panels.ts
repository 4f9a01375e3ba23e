import { formatCount, formatFixed } from '../../../../shared/formatting/formatNumber.ts'
import { featureCosinesPanel } from '../../../../shared/featureCosines.ts'
import { measurements } from '../../../../shared/measurements.ts'
import type { Expectation, PlotPanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { fourierFeatures, type FourierFeatures } from '../../analysis/fourierFeatures.ts'
import { describeRange, type Range } from '../figure.ts'
import { median } from '../../../../shared/curves/statistics.ts'

export const modulus = 37
export const steps = 5000

/** A seed that is not one of the figure's, as it is kept in `figure6Seeds.json`. */
interface OtherSeed {
  seed: number
  halfRiseStep: number
  accuracyAt2000: number
}

/** The accuracies with what is expected of them and what other seeds did; of the first run, the features at both ends. */
export function figure6Panels(
  runs: readonly RecordedRun[],
  expected: readonly { step: number; range: Range }[],
  others: readonly OtherSeed[],
): PlotPanel[] {
  const accuracy = runs.map((run, i): Series => ({
    name: `seed ${run.spec.seed}`,
    role: 'single',
    color: i % 6,
    of: { seed: run.spec.seed },
    with: { step: run.curves.step, tau: run.curves.tau },
    x: run.curves.step,
    y: run.curves.testAccuracy ?? new Float64Array(run.curves.step.length).fill(NaN),
  }))
  const curves: PlotPanel = {
    kind: 'lines',
    id: 'test-accuracy',
    title: 'Test accuracy',
    caption: describeOthers(others),
    x: { label: 'step', scale: 'linear', min: 0, max: steps, isCounted: true },
    y: {
      label: 'share of held-out pairs predicted correctly',
      column: 'testAccuracy',
      scale: 'linear',
      min: 0,
      max: 1,
    },
    series: [...accuracy, halfRises(others)],
    levels: [measurements.testAccuracy.level(modulus)],
    expectations: [
      ...expected.map(({ step, range }) => ({ label: `expected ${describeRange(range)}`, fromX: step, ...range })),
      halfRiseExpectation(others),
    ],
  }
  const run = runs.find((candidate) => candidate.snapshots.length > 1)
  return run ? [curves, ...fourierPanels(run)] : [curves]
}

/** E of a run at a step. */
export function firstLayerAt(run: RecordedRun, step: number) {
  const E = run.snapshots.find((snapshot) => snapshot.step === step)?.matrices['E']
  if (!E) throw new RangeError(`run ${run.runId} has no snapshot of E at step ${step}`)
  return E
}

/** Where other seeds passed one half, under Euler's method. */
function halfRises(others: readonly OtherSeed[]): Series {
  return {
    name: `half rise of ${others.length} other seeds, Euler`,
    role: 'start',
    of: { point: 'half rise' },
    with: { seed: Float64Array.from(others, ({ seed }) => seed) },
    x: Float64Array.from(others, ({ halfRiseStep }) => halfRiseStep),
    y: new Float64Array(others.length).fill(0.5),
  }
}

/** A thin bar over where they did. */
function halfRiseExpectation(others: readonly OtherSeed[]): Expectation {
  const steps = others.map(({ halfRiseStep }) => halfRiseStep)
  const label = `half rise of ${others.length} others`
  return { label, fromX: Math.min(...steps), toX: Math.max(...steps), min: 0.49, max: 0.51 }
}

/** `20 others at step 2 000: 0.24–1.00, median 0.93`. */
function describeOthers(others: readonly OtherSeed[]): string {
  const values = others.map(({ accuracyAt2000 }) => accuracyAt2000)
  const [min, max, middle] = [Math.min(...values), Math.max(...values), median(values)].map((value) =>
    formatFixed(value, 2),
  )
  return `${others.length} others at step ${formatCount(2000)}: ${min}–${max}, median ${middle}`
}

function fourierPanels(run: RecordedRun): PlotPanel[] {
  const lastStep = Math.max(...run.snapshots.map(({ step }) => step))
  const start = featuresAt(run, 0)
  const end = featuresAt(run, lastStep)
  const K = end.frequencies
  const frequency = Float64Array.from({ length: K }, (_, k) => k + 1)
  const points = (part: 'Re' | 'Im', step: number, { norms }: FourierFeatures): Series => ({
    name: `${part}, step ${formatCount(step)}`,
    // At the start both are muted.
    ...(step === lastStep ? {} : { family: `both, step ${formatCount(step)}` }),
    role: step === lastStep ? 'points' : 'start',
    color: part === 'Re' ? 0 : 1,
    of: { seed: run.spec.seed, step, part },
    x: frequency.subarray(0, part === 'Re' ? K : norms.length - K),
    y: part === 'Re' ? norms.slice(0, K) : norms.slice(K),
  })
  const caption = `of $E$, seed ${run.spec.seed}, step ${formatCount(lastStep)}`
  return [
    {
      kind: 'lines',
      id: 'feature-norms',
      title: 'Norms of the Fourier features',
      caption,
      x: { label: 'frequency', symbol: 'k', scale: 'linear', isCounted: true },
      y: { label: 'norm', scale: 'linear' },
      series: [
        points('Re', 0, start),
        points('Im', 0, start),
        points('Re', lastStep, end),
        points('Im', lastStep, end),
      ],
    },
    featureCosinesPanel(
      { id: 'feature-cosines', title: 'Cosines of the Fourier features', caption },
      end.cosines,
      K,
      false,
    ),
    featureCosinesPanel(
      { id: 'absolute-feature-cosines', title: 'Cosines of the absolute features', caption },
      end.absoluteCosines,
      K,
      true,
    ),
  ]
}

function featuresAt(run: RecordedRun, step: number): FourierFeatures {
  return fourierFeatures(firstLayerAt(run, step))
}
