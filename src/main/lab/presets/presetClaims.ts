import { hasEnded } from '../../../shared/map/mapCells.ts'
import type { Claim, Evidence } from '../../../shared/papers/figure.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { judge } from '../papers/judge.ts'
import { presetStatements } from './presetStatements.ts'

/** What is claimed of a sweep to begin with, by its name, judged by all of its runs: pending before all have ended. */
export function presetClaims(preset: string, runs: readonly RunSummary[]): Claim[] {
  const evidence = evidenceOf(runs)
  const isComplete = evidence.reached === evidence.needed
  return presetStatements[preset]!(runs).map((statement) => judge(statement, evidence, isComplete))
}

function evidenceOf(runs: readonly RunSummary[]): Evidence {
  const needed = runs.map((run) => ({
    runId: run.id,
    experiment: run.id,
    seed: run.seed,
    status: run.status,
    code: run.code,
    step: run.step,
    neededStep: run.steps,
  }))
  return { reached: runs.filter(hasEnded).length, needed: runs.length, runs: needed }
}
