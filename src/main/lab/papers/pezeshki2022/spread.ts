import { mean, standardDeviation } from '../../../../shared/curves/statistics.ts'
import type { MeasurementName } from '../../../../shared/measurements.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'

/** A measurement of several runs at each flow time: its mean, standard deviation (n − 1) and the mean's standard error. */
export interface Spread {
  /** The runs that it is over. */
  count: number
  tau: Float64Array
  mean: Float64Array
  deviation: Float64Array
  error: Float64Array
}

/** Over those of the runs that have begun, which measured at the same flow times; as far as all of these have come. */
export function spreadOf(runs: readonly RecordedRun[], name: MeasurementName): Spread {
  const begun = runs.filter(({ curves }) => (curves[name]?.length ?? 0) > 0)
  const curves = begun.map(({ curves }) => curves[name]!)
  const length = Math.min(...curves.map((curve) => curve.length), begun.length > 0 ? Infinity : 0)
  const over = (of: (values: number[]) => number) =>
    Float64Array.from({ length }, (_, place) => of(curves.map((curve) => curve[place]!)))
  const deviation = over(standardDeviation)
  return {
    count: begun.length,
    tau: begun[0]?.curves.tau.slice(0, length) ?? new Float64Array(),
    mean: over(mean),
    deviation,
    error: deviation.map((value) => value / Math.sqrt(begun.length)),
  }
}
