import { openArchive } from '../../src/main/store/archive.ts'
import type { RunEvent } from '../../src/shared/run.ts'
import { smallSpec } from './archive.ts'

/** An archive with one finished run that measured two quantities at each of `rows` steps; its id. */
export function makeLongRun(path: string, rows: number): string {
  const archive = openArchive(path)
  const runId = archive.runs.createExperiment({ spec: smallSpec() }).runIds[0]!
  for (let step = 0; step < rows;) {
    const batch: RunEvent[] = []
    for (let i = 0; i < 20_000 && step < rows; i++, step++) batch.push({ runId, sequence: step, ...rowAt(step) })
    archive.applyEvents(batch)
  }
  archive.applyEvents([{ runId, sequence: rows, type: 'settled', status: 'finished', step: rows, tau: 1, seconds: 1 }])
  archive.close()
  return runId
}

/** What the run measured at a step. */
export function rowAt(step: number) {
  const values = { trainLoss: Math.sin(step), testMse: Math.cos(step) }
  return { type: 'measured', step, tau: step / 1000, seconds: step / 100, values } as const
}
