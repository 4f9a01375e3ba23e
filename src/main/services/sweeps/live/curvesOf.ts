import type { RunCurves } from '../../../../shared/contract/runs.ts'
import type { MeasurementName } from '../../../../shared/measurements.ts'
import type { Curve, RunEvent } from '../../../../shared/run.ts'

/** The curves in what a run has told. */
export function curvesOf(events: readonly RunEvent[], measurements: readonly MeasurementName[]): RunCurves['curves'] {
  const rows = events.flatMap((event) => (event.type === 'measured' ? [event] : []))
  const clock = {
    step: Float64Array.from(rows, ({ step }) => step),
    tau: Float64Array.from(rows, ({ tau }) => tau),
    seconds: Float64Array.from(rows, ({ seconds }) => seconds),
  }
  const curves = measurements.map((name): [MeasurementName, Curve] => [
    name,
    { ...clock, value: Float64Array.from(rows, ({ values }) => values[name] ?? NaN) },
  ])
  return Object.fromEntries(curves)
}
