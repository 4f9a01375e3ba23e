import type { ExperimentInput } from '../../../../shared/experiment.ts'
import type { MeasurementName } from '../../../../shared/measurements.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import type { FigureSlider } from '../../../../shared/papers/figureSetting.ts'
import type { MultiScaleFeaturesSpec } from '../../../../shared/studies/multiScaleFeatures.ts'

/** Seeds 0 … count − 1. */
export const seedsTo = (count: number) => Array.from({ length: count }, (_, seed) => seed)

/** A study of features at two scales, d = 100, measured at every place. */
export function flowExperiment(
  name: string,
  setting: Partial<MultiScaleFeaturesSpec>,
  seeds: readonly number[],
): ExperimentInput {
  return {
    name,
    study: { kind: 'multiScaleFeatures', dimension: 100, ...setting },
    seeds: [...seeds],
    record: { arrays: 'ends' },
  }
}

/** What the figures let be moved, each as far as it tells something. */
const sliders = {
  scaleRatio: { min: 1, max: 300, scale: 'log' },
  samples: { min: 20, max: 400, scale: 'linear' },
  fastDirections: { min: 1, max: 99, scale: 'linear' },
  weightDecay: { min: 1e-4, max: 1, scale: 'logOrZero' },
  labelNoise: { min: 0, max: 1, scale: 'linear' },
  stepSize: { min: 0, max: 0.5, scale: 'linear' },
} as const satisfies { [Field in keyof MultiScaleFeaturesSpec]?: Omit<FigureSlider, 'field' | 'value'> }

export const slidersFor = (...fields: (keyof typeof sliders)[]) => fields.map((field) => ({ field, ...sliders[field] }))

/** What a run was asked for. */
export function settingOf({ spec }: Pick<RecordedRun, 'spec'>): MultiScaleFeaturesSpec {
  if ('study' in spec && spec.study.kind === 'multiScaleFeatures') return spec.study
  throw new RangeError(`${spec.name} is no study of features at two scales`)
}

/** A measurement of several runs at each flow time: its mean, standard deviation (n − 1) and the mean's standard error. */
export interface Spread {
  tau: Float64Array
  mean: Float64Array
  deviation: Float64Array
  error: Float64Array
}

/** Over runs that measured at the same flow times; as far as all of them have come. */
export function spreadOf(runs: readonly RecordedRun[], name: MeasurementName): Spread {
  const curves = runs.map(({ curves }) => curves[name] ?? new Float64Array())
  const length = Math.min(...curves.map((curve) => curve.length), runs.length > 0 ? Infinity : 0)
  const over = (of: (values: number[]) => number) =>
    Float64Array.from({ length }, (_, place) => of(curves.map((curve) => curve[place]!)))
  const deviation = over(standardDeviation)
  return {
    tau: runs[0]?.curves.tau.slice(0, length) ?? new Float64Array(),
    mean: over(mean),
    deviation,
    error: deviation.map((value) => value / Math.sqrt(runs.length)),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function standardDeviation(values: readonly number[]): number {
  const center = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1))
}
