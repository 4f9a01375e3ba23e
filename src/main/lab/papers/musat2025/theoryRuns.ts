import { requireComposed } from '../../../../shared/experiment.ts'
import type { DynamicsSpec } from '../../../../shared/dynamics/dynamics.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import type { MatrixData } from '../../../../shared/matrix.ts'
import { firstTimeAt } from '../../../../shared/speedRatio.ts'
import {
  trajectoryComparison,
  type TrajectoryComparison,
  type TrajectoryPoint,
} from '../../analysis/trajectoryComparison.ts'

/** The runs of one seed, as far as they are there. */
export interface TheoryRuns {
  seed: number
  /** Under the decay of the comparison. */
  training?: RecordedRun
  flow?: RecordedRun
  isolated?: RecordedRun
  isolatedWithoutRidge?: RecordedRun
  /** Training under each decay, that of the comparison included, the strongest first. */
  byDecay: { weightDecay: number; run: RecordedRun }[]
}

/** Runs that are held against training. */
export type ComparedName = 'flow' | 'isolated' | 'isolatedWithoutRidge'

/** The runs of each seed; `weightDecay` is the decay of the comparison. */
export function findTheoryRuns(runs: readonly RecordedRun[], weightDecay: number): TheoryRuns[] {
  return [...Map.groupBy(runs, ({ spec }) => spec.seed)].map(([seed, own]) => {
    const find = (matches: (dynamics: DynamicsSpec) => boolean) =>
      own.find(({ spec }) => matches(requireComposed(spec).dynamics))
    const byDecay = own.flatMap((run) => {
      const { dynamics } = requireComposed(run.spec)
      return dynamics.kind === 'training' ? [{ weightDecay: dynamics.weightDecay, run }] : []
    })
    const found = {
      training: byDecay.find((each) => each.weightDecay === weightDecay)?.run,
      flow: find((dynamics) => dynamics.kind === 'zeroLossFlow'),
      isolated: find((dynamics) => dynamics.kind === 'isolated' && dynamics.ridge > 0),
      isolatedWithoutRidge: find((dynamics) => dynamics.kind === 'isolated' && dynamics.ridge === 0),
    }
    const present = Object.fromEntries(Object.entries(found).filter(([, run]) => run !== undefined))
    return { seed, ...present, byDecay: byDecay.toSorted((a, b) => b.weightDecay - a.weightDecay) }
  })
}

/** E of a run against training's, at the times of both. */
export function compareToTraining(runs: TheoryRuns, name: ComparedName): TrajectoryComparison | undefined {
  const { training, [name]: run } = runs
  return training && run ? trajectoryComparison(trajectory(training, ['E']), trajectory(run, ['E'])) : undefined
}

/**
 * Distances of training's parameters from the flow's at τ, under each decay that has come so far, displacement counted
 * from the flow's start on Z.
 */
export function distancesFromFlow(
  { flow, byDecay }: TheoryRuns,
  names: readonly string[],
  tau: number,
): { weightDecay: number; share: number }[] {
  if (!flow || !hasReachedTau(flow, tau)) return []
  const path = trajectory(flow, names)
  return byDecay
    .filter(({ run }) => hasReachedTau(run, tau))
    .map(({ weightDecay, run }) => {
      const comparison = trajectoryComparison(trajectory(run, names), path, path[0]!.layers)
      return { weightDecay, share: valueAtTau(comparison, 'relativeDistance', tau) }
    })
}

/** A quantity of a comparison at τ; NaN where there is no comparison there. */
export function valueAtTau(
  comparison: TrajectoryComparison | undefined,
  quantity: Exclude<keyof TrajectoryComparison, 'tau'>,
  tau: number,
): number {
  const at = comparison?.tau.findIndex((other) => Math.abs(other - tau) < 1e-9) ?? -1
  return comparison?.[quantity][at] ?? NaN
}

export function testErrorAtTau({ curves }: RecordedRun, tau: number): number {
  return curves.testMse?.[curves.tau.findIndex((other) => other >= tau - 1e-9)] ?? NaN
}

/** How many times sooner than training a run first falls to training's test error at τ; NaN where it never does. */
export function speedRatioAtTau(training: RecordedRun, { curves }: RecordedRun, tau: number): number {
  const error = testErrorAtTau(training, tau)
  return tau / firstTimeAt({ tau: curves.tau, value: curves.testMse ?? [] }, error)
}

export function hasReachedTau({ curves }: RecordedRun, tau: number): boolean {
  return (curves.tau.at(-1) ?? 0) >= tau - 1e-9
}

function trajectory(run: RecordedRun, names: readonly string[]): TrajectoryPoint[] {
  return run.snapshots.map(({ tau, matrices }) => ({
    tau,
    layers: names.flatMap((name): MatrixData[] => (matrices[name] ? [matrices[name]] : [])),
  }))
}
