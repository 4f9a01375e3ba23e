import type { ExperimentInput } from '../../../../shared/experiment.ts'
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
