import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupBand } from '../../../src/shared/curves/groupBand.ts'
import { reachedSteps } from '../../../src/shared/curves/reachedSteps.ts'
import type { Curve } from '../../../src/shared/run.ts'

function curve(steps: readonly number[], valueAt: (step: number) => number): Curve {
  const step = Float64Array.from(steps)
  return { step, tau: step.map((s) => s / 100), seconds: step.map((s) => s / 10), value: step.map(valueAt) }
}
const upTo = (end: number, by = 10) => Array.from({ length: end / by + 1 }, (_, k) => by * k)

const someCurves = fc.array(
  fc.uniqueArray(fc.nat(30), { maxLength: 20 }).map((steps) => steps.sort((a, b) => a - b)),
  { minLength: 2, maxLength: 5 },
)

describe('seeds of different lengths', () => {
  it('are averaged at every step over those that have reached it, and told how many these are', () => {
    fc.assert(
      fc.property(someCurves, (all) => {
        const curves = all.map((steps, seed) => curve(steps, (step) => step * step + 7 * seed))
        const { step, reached, center } = groupBand(curves, 'deviation')
        const wanted = [...Array(31).keys()].flatMap((at) => {
          const come = curves.filter(({ step: steps }) => steps.some((s) => s >= at))
          if (come.length < 2 || !come.every(({ step: steps }) => steps.includes(at))) return []
          const values = come.map((each) => each.value[each.step.indexOf(at)]!)
          return [{ at, count: come.length, mean: values.reduce((sum, value) => sum + value, 0) / values.length }]
        })
        expect([...step]).toEqual(wanted.map(({ at }) => at))
        expect([...reached]).toEqual(wanted.map(({ count }) => count))
        for (const [k, { mean }] of wanted.entries()) expect(center[k]).toBeCloseTo(mean, 9)
      }),
    )
  })

  it('of which one ended early are averaged as before it up to its end', () => {
    const long = [curve(upTo(50), (s) => s), curve(upTo(50), (s) => 3 * s)]
    const short = curve(upTo(20), (s) => s + 8)
    const [alone, together] = [long, [...long, short]].map((curves) => groupBand(curves, 'deviation'))
    expect([...together!.reached]).toEqual([3, 3, 3, 2, 2, 2])
    expect([...together!.center.subarray(3)]).toEqual([...alone!.center.subarray(3)])
    expect([...together!.low.subarray(3)]).toEqual([...alone!.low.subarray(3)])
  })

  it('have a clock that goes on where some end, as that of the others does', () => {
    const paces = [
      { end: 80, pace: 1 },
      { end: 60, pace: 2 },
      { end: 30, pace: 30 },
    ]
    const curves = paces.map(({ end, pace }) => {
      const own = curve(upTo(end), Number)
      return { ...own, seconds: own.step.map((step) => pace * step) }
    })
    const { step, seconds, reached } = groupBand(curves, 'deviation')
    expect([...reached]).toEqual([3, 3, 3, 3, 2, 2, 2])
    const steps = [...seconds].map(
      (at, k) => (k === 0 ? at : at - seconds[k - 1]!) / (k === 0 ? 1 : step[k]! - step[k - 1]!),
    )
    expect(steps.map((pace) => Math.round(1e6 * pace) / 1e6)).toEqual([0, 11, 11, 11, 1.5, 1.5, 1.5])
  })

  it('end where one alone is left, while a single curve goes on to its end', () => {
    const [long, short] = [curve(upTo(90), (s) => s), curve(upTo(30), (s) => s)]
    expect(reachedSteps([long, short]).step.at(-1)).toBe(30)
    expect([...reachedSteps([long]).step]).toEqual(upTo(90))
  })

  it('count those that have not begun nowhere', () => {
    const { step, reached } = reachedSteps([curve([], Number), curve(upTo(30), Number), curve(upTo(30), Number)])
    expect([...step]).toEqual(upTo(30))
    expect([...reached]).toEqual([2, 2, 2, 2])
  })
})
