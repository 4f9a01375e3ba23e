import type { RunCurves } from '../contract/runs.ts'

/** What was read of the curves of runs, by their ids. */
export type CurvesByRun = ReadonlyMap<string, RunCurves['curves']>

/** The curves of which something was measured. */
export function curvesByRun(answers: readonly RunCurves[]): CurvesByRun {
  const found = new Map<string, RunCurves['curves']>()
  for (const { runId, curves } of answers) {
    const measured = Object.entries(curves).filter(([, { value }]) => value.some(Number.isFinite))
    found.set(runId, { ...found.get(runId), ...Object.fromEntries(measured) })
  }
  return found
}
