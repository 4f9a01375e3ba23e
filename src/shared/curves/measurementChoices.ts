import { measurementNames, measurements, type MeasurementName } from '../measurements.ts'
import type { RunSummary, ShownRun } from '../run.ts'
import { measurementsOf, studyOfFacets } from '../studies/studies.ts'
import { hasClasses, isOfNetwork } from '../tasks/tasks.ts'
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

/** Of a closed model of a few weights. */
const closedMeasurements = ['trainLoss', 'distanceToZeroLoss', 'weight1', 'weight2'] as const

/** What tells which measurements a run has: its study, that it is a closed model, or null of a network. */
function kindOf({ facets }: Pick<RunSummary, 'facets'>) {
  return studyOfFacets(facets) ?? (isOfNetwork(facets) ? null : 'closed')
}

type OwnKind = NonNullable<ReturnType<typeof kindOf>>

function measurementsOfKind(kind: OwnKind): readonly MeasurementName[] {
  return kind === 'closed' ? closedMeasurements : measurementsOf(kind)
}

/** What runs of one kind of study or all closed models measure, the most telling first; null of networks, or several kinds. */
export function ownMeasurements({ runs }: Comparison): readonly MeasurementName[] | null {
  const [kind, ...others] = new Set(runs.map(({ run }) => kindOf(run)))
  return kind && others.length === 0 ? measurementsOfKind(kind) : null
}

/** What runs are compared by at first sight, the most telling first: of each kind in turn. */
export function usualMeasurements(comparison: {
  runs: readonly Pick<ComparedRun, 'run'>[]
}): readonly MeasurementName[] {
  const kinds = [...Map.groupBy(comparison.runs, ({ run }) => kindOf(run))].map(([kind, runs]) => {
    const { test, train } = usualLosses({ runs })
    return kind
      ? measurementsOfKind(kind)
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
