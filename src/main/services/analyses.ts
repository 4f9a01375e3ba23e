import { analysesOverSteps, type AnalysisInput, type AnalysisKind, type AnalysisResult } from '../../shared/analysis.ts'
import { LabError } from '../../shared/errors.ts'
import { requireComposed } from '../../shared/experiment.ts'
import type { Archive } from '../store/archive.ts'

/** Computes an analysis of a run at a step, by a call to a worker, from what the archive holds. */
export async function computeAnalysis(
  call: (input: AnalysisInput) => Promise<AnalysisResult>,
  archive: Archive,
  runId: string,
  step: number,
  kind: AnalysisKind,
  options: Record<string, unknown>,
): Promise<AnalysisResult> {
  const { spec: given, train } = archive.runs.run(runId)
  const spec = requireComposed(given)
  if (!train) throw new LabError('NOT_FOUND', `run ${runId} has not started: it has no training set yet`)
  const steps = analysesOverSteps.includes(kind)
    ? archive.snapshots.listSnapshots(runId).map((snapshot) => snapshot.step)
    : [step]
  const snapshots = steps.map((at) => archive.snapshots.readSnapshot(runId, at))
  const dataset = archive.datasets.ofRun(runId)
  return call({ kind, options, spec, train, snapshots, ...(dataset ? { dataset } : {}) })
}
