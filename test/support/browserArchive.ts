import { openArchive } from '../../src/main/store/archive.ts'
import { type ComposedInput, toRunSpec, type ExperimentInput } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import type { FigureId } from '../../src/shared/papers/papers.ts'
import { collectRun } from './runs.ts'

/** Computes experiments to their end and keeps them in an archive, as a laboratory would; answers with their runs' ids. */
export async function recordExperiments(
  path: string,
  experiments: readonly ExperimentInput[],
  figure?: FigureId,
): Promise<string[]> {
  const archive = openArchive(path)
  try {
    const recorded: string[] = []
    for (const input of experiments) {
      const spec = parseExperiment(input)
      const { runIds } = archive.runs.createExperiment({ spec, ...(figure ? { figure } : {}) })
      for (const [index, runId] of runIds.entries()) {
        archive.applyEvents(await collectRun(toRunSpec(spec, spec.seeds[index]!), { runId }))
      }
      recorded.push(...runIds)
    }
    return recorded
  } finally {
    archive.close()
  }
}

/** Keeps experiments in an archive with their runs waiting; a laboratory that opens it computes them. */
export function queueExperiments(path: string, experiments: readonly ExperimentInput[]): string[] {
  const archive = openArchive(path)
  try {
    return experiments.flatMap((input) => archive.runs.createExperiment({ spec: parseExperiment(input) }).runIds)
  } finally {
    archive.close()
  }
}

/** An experiment of some hundred milliseconds that shows what a long one shows. */
export function smallExperiment(changes: Partial<ComposedInput> = {}): ComposedInput {
  return {
    name: 'small',
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 64 },
    dynamics: { kind: 'isolated', steps: 400 },
    record: { measureEvery: 10, snapshots: 'log' },
    ...changes,
  } as ComposedInput
}
