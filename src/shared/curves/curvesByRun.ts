import type { RunCurves } from '../contract/runs.ts'
import { withoutUnmeasured } from './groupCurves.ts'

/** What was read of the curves of runs, by their ids. */
export type CurvesByRun = ReadonlyMap<string, RunCurves['curves']>

/** The curves of which something was measured, at the rows at which it was. */
export function curvesByRun(answers: readonly RunCurves[]): CurvesByRun {
  const found = new Map<string, RunCurves['curves']>()
  for (const { runId, curves } of answers) {
    const measured = Object.entries(curves).flatMap(([name, curve]) =>
      curve.value.some(Number.isFinite) ? [[name, withoutUnmeasured(curve)] as const] : [],
    )
    found.set(runId, { ...found.get(runId), ...Object.fromEntries(measured) })
  }
  return found
}
