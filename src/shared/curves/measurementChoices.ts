import { measurementNames, measurements, type MeasurementName } from '../measurements.ts'
import type { ShownRun } from '../run.ts'
import { measurementsOf, studyOfFacets } from '../studies/studies.ts'
import { hasClasses } from '../tasks/tasks.ts'
import type { ComparedRun, Comparison } from './comparison.ts'

export interface MeasurementChoice {
  value: MeasurementName
  label: string
  hint?: string
}

/** The measurements that some of the runs have, with how many where not all do; every one until that is known. */
export function measurementChoices(details: readonly (ShownRun | undefined)[]): MeasurementChoice[] {
  const known = details.filter((detail) => detail !== undefined)
  const counts = new Map<MeasurementName, number>()
  for (const { measured } of known) for (const name of measured) counts.set(name, (counts.get(name) ?? 0) + 1)
  const names = counts.size === 0 ? measurementNames : measurementNames.filter((name) => counts.has(name))
  return names.map((name) => {
    const count = counts.get(name) ?? known.length
    const label = measurements[name].label
    return count < known.length
      ? { value: name, label, hint: `${count} of ${known.length} runs` }
      : { value: name, label }
  })
}

/** What runs of one kind of study measure, the most telling first; null where they are none, or several kinds. */
export function studyMeasurements({ runs }: Comparison): readonly MeasurementName[] | null {
  const [study, ...others] = new Set(runs.map(({ run }) => studyOfFacets(run.facets)))
  return study && others.length === 0 ? measurementsOf(study) : null
}

/** What runs are compared by at first sight, the most telling first: of each kind in turn. */
export function usualMeasurements(comparison: {
  runs: readonly Pick<ComparedRun, 'run'>[]
}): readonly MeasurementName[] {
  const kinds = [...Map.groupBy(comparison.runs, ({ run }) => studyOfFacets(run.facets))].map(([study, runs]) => {
    const { test, train } = usualLosses({ runs })
    return study
      ? measurementsOf(study)
      : ([test, ...accuracyOf({ runs }), 'firstLayerNormSquared', train, 'secondLayerNormSquared'] as const)
  })
  const max = Math.max(0, ...kinds.map(({ length }) => length))
  return Array.from({ length: max }, (_, place) => kinds.flatMap((names) => names[place] ?? [])).flat()
}

/** The test accuracy where some runs have classes; of real targets there is none. */
export function accuracyOf({ runs }: { runs: readonly Pick<ComparedRun, 'run'>[] }): readonly MeasurementName[] {
  return runs.some(({ run }) => hasClasses(run.facets)) ? ['testAccuracy'] : []
}

/** How well runs fit, at first sight: by the cross-entropy where all are trained on it, else by the squared error. */
export function usualLosses({ runs }: { runs: readonly Pick<ComparedRun, 'run'>[] }): {
  test: MeasurementName
  train: MeasurementName
} {
  return runs.length > 0 && runs.every(({ run }) => run.facets['dynamics.loss'] === 'crossEntropy')
    ? { test: 'testCrossEntropy', train: 'trainCrossEntropy' }
    : { test: 'testMse', train: 'trainLoss' }
}
