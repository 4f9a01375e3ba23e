import { placeAtOrBelow } from '../neighbors.ts'
import type { Curve } from '../run.ts'
import { commonSteps } from './groupCurves.ts'

/** Steps over which curves have a mean, and how many curves have reached each. */
export interface ReachedSteps {
  step: Float64Array
  /** Never grows along the steps. */
  reached: Int32Array
}

/**
 * The steps that all curves have which have come so far, as long as two have; of one curve all of its own. A curve that ends early, because its
 * run diverged, was stopped or still goes on, ends neither the mean nor counts in it any more.
 */
export function reachedSteps(curves: readonly Pick<Curve, 'step'>[]): ReachedSteps {
  const longestFirst = curves.toSorted((a, b) => endOf(b) - endOf(a))
  const parts: { step: Float64Array; count: number }[] = []
  let from = -Infinity
  for (let count = curves.length; count >= Math.min(2, curves.length) && count > 0; count--) {
    const reaching = longestFirst.slice(0, count)
    const to = endOf(reaching.at(-1)!)
    if (!(to > from)) continue
    const within = reaching.map(({ step }) => step.subarray(rowsUpTo(step, from), rowsUpTo(step, to)))
    parts.push({ step: commonSteps(within), count })
    from = to
  }
  return joined(parts)
}

function endOf({ step }: Pick<Curve, 'step'>): number {
  return step.at(-1) ?? -Infinity
}

function rowsUpTo(steps: Float64Array, at: number): number {
  return placeAtOrBelow(steps, at) + 1
}

function joined(parts: readonly { step: Float64Array; count: number }[]): ReachedSteps {
  const rows = parts.reduce((sum, { step }) => sum + step.length, 0)
  const whole = { step: new Float64Array(rows), reached: new Int32Array(rows) }
  let row = 0
  for (const { step, count } of parts) {
    whole.step.set(step, row)
    whole.reached.fill(count, row, (row += step.length))
  }
  return whole
}
