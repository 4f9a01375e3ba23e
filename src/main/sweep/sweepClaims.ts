import { LabError } from '../../shared/errors.ts'
import { hasEnded } from '../../shared/map/mapCells.ts'
import type { Claim, Evidence } from '../../shared/papers/figure.ts'
import type { RunSummary } from '../../shared/run.ts'
import { sweepPresets } from '../../shared/sweep/presets.ts'
import { judge } from '../lab/papers/judge.ts'
import { presetStatements } from '../lab/presets/presetStatements.ts'
import { planSweep, type SweepFolder } from './sweepFolder.ts'

/**
 * What is claimed of a sweep that is one of those to begin with, judged by its runs. Throws USAGE of any other: a claim is
 * about the very runs that it was made for.
 */
export function sweepClaims(sweep: SweepFolder, runs: readonly RunSummary[]): Claim[] {
  const preset = sweepPresets.find(({ spec }) => planSweep(spec).key === sweep.key)
  if (!preset) {
    const names = sweepPresets.map(({ name }) => name).join(', ')
    throw new LabError(
      'USAGE',
      `${sweep.path} is none of the sweeps that claims are made of (${names}), or was changed`,
    )
  }
  const evidence = evidenceOf(runs)
  const isComplete = evidence.reached === evidence.needed
  return presetStatements[preset.name]!(runs).map((statement) => judge(statement, evidence, isComplete))
}

function evidenceOf(runs: readonly RunSummary[]): Evidence {
  const needed = runs.map((run) => ({
    runId: run.id,
    experiment: run.id,
    seed: run.seed,
    status: run.status,
    step: run.step,
    neededStep: run.steps,
  }))
  return { reached: runs.filter(hasEnded).length, needed: runs.length, runs: needed }
}
