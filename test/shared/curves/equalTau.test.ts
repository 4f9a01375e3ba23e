import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../src/shared/curves/comparison.ts'
import { curvesByRun } from '../../../src/shared/curves/curvesByRun.ts'
import { groupBand, spreads } from '../../../src/shared/curves/groupBand.ts'
import { groupPanel } from '../../../src/shared/curves/groupPanel.ts'
import { findGrouping, groupRuns } from '../../../src/shared/curves/groupRuns.ts'
import type { HorizontalAxis } from '../../../src/shared/curves/horizontalAxis.ts'
import type { Curve } from '../../../src/shared/run.ts'
import { runSummary } from '../../support/runSummary.ts'

const everywhere = { min: -Infinity, max: Infinity }

interface Pace {
  rows: number
  pace: number
  slope: number
  offset: number
}

/** Measured every 10 steps; its value is linear in τ. */
function curveOf({ rows, pace, slope, offset }: Pace): Curve {
  const step = Float64Array.from({ length: rows }, (_, k) => 10 * k)
  const tau = step.map((at) => pace * at)
  return { step, tau, seconds: step.map((at) => at / 7), value: tau.map((at) => offset + slope * at) }
}
const endOf = ({ tau }: Curve) => tau.at(-1)!

const number = fc.double({ min: -5, max: 5, noNaN: true })
const paces = (pace: fc.Arbitrary<number>) =>
  fc.array(fc.record({ rows: fc.integer({ min: 2, max: 40 }), pace, slope: number, offset: number }), {
    minLength: 2,
    maxLength: 5,
  })

describe('a group on an axis of τ', () => {
  it('is to the bit what it is at equal steps where its runs share their clock', () => {
    fc.assert(
      fc.property(paces(fc.constant(0.003)), fc.constantFrom(...spreads), (all, spread) => {
        const curves = all.map(curveOf)
        const atSteps = groupBand(curves, spread)
        expect(atSteps.interpolated).toBe(false)
        for (const axis of ['tau', 'logTau'] as const) {
          expect(groupBand(curves, spread, everywhere, axis)).toEqual(atSteps)
        }
      }),
    )
  })

  it('is of values at equal τ where clocks differ, over the runs that have come so far', () => {
    fc.assert(
      fc.property(paces(fc.constantFrom(0.0003, 0.001, 0.002)), (all) => {
        const curves = all.map(curveOf)
        fc.pre(new Set(all.map(({ pace }) => pace)).size > 1)
        const { tau, reached, center, interpolated } = groupBand(curves, 'deviation', everywhere, 'tau')
        expect(interpolated).toBe(true)
        const [, second = 0] = curves.map(endOf).sort((a, b) => b - a)
        const union = new Set(
          curves.flatMap((curve) => [...curve.tau]).flatMap((at) => (at <= second ? [at.toFixed(7)] : [])),
        )
        expect([...tau].map((at) => at.toFixed(7))).toEqual([...union].sort((a, b) => Number(a) - Number(b)))
        for (const [k, at] of tau.entries()) {
          const come = all.filter((_, c) => endOf(curves[c]!) >= at * (1 - 1e-9))
          expect(reached[k]).toBe(come.length)
          const sum = come.reduce((total, { slope, offset }) => total + offset + slope * at, 0)
          expect(center[k]).toBeCloseTo(sum / come.length, 9)
        }
      }),
    )
  })

  it('reads a clock that stands still where it first was there', () => {
    const moving = curveOf({ rows: 5, pace: 0.001, slope: 1, offset: 0 })
    const still: Curve = { ...moving, tau: moving.tau.map(() => 0), value: Float64Array.of(8, 1, 1, 1, 1) }
    const stopped: Curve = {
      ...moving,
      tau: Float64Array.of(0, 0.01, 0.02, 0.02, 0.02),
      value: Float64Array.of(0, 1, 2, 7, 9),
    }
    const first = groupBand([moving, still, moving], 'deviation', everywhere, 'tau')
    expect(first.center[0]).toBeCloseTo(8 / 3, 9)
    expect(first.step[0]).toBe(0)
    const { tau, center } = groupBand([moving, stopped], 'deviation', everywhere, 'tau')
    expect([...tau].map((at) => at.toFixed(2))).toEqual(['0.00', '0.01', '0.02'])
    expect(center[2]).toBeCloseTo((0.02 + 2) / 2, 9)
  })

  it('tells clocks apart that have no step in common beyond the first', () => {
    const every = (stride: number, pace: number): Curve => {
      const step = Float64Array.from({ length: 9 }, (_, k) => stride * k)
      return { step, tau: step.map((at) => pace * at), seconds: step, value: step }
    }
    expect(groupBand([every(7, 0.1), every(10, 1)], 'deviation', everywhere, 'tau').interpolated).toBe(true)
    expect(groupBand([every(7, 0.1), every(10, 0.1)], 'deviation', everywhere, 'tau').interpolated).toBe(false)
  })

  it('stays at equal steps on the other axes', () => {
    const curves = [0.0003, 0.002].map((pace) => curveOf({ rows: 9, pace, slope: 1, offset: 0 }))
    expect(groupBand(curves, 'deviation').interpolated).toBe(false)
    const bySeconds = groupBand(curves, 'deviation', everywhere, 'computeTime')
    expect(bySeconds).toEqual(groupBand(curves, 'deviation'))
  })

  it('has seconds and steps that never go back where runs of another clock end', () => {
    const curves = [0.0003, 0.002, 0.002].map((pace) => curveOf({ rows: 30, pace, slope: 1, offset: 0 }))
    const { seconds, step } = groupBand(curves, 'deviation', everywhere, 'tau')
    for (const line of [seconds, step]) expect([...line]).toEqual([...line].sort((a, b) => a - b))
  })

  it('keeps a gap of one run, and only there', () => {
    const [slow, fast] = [0.001, 0.002].map((pace) => curveOf({ rows: 6, pace, slope: 1, offset: 0 })) as [Curve, Curve]
    fast.value[2] = NaN
    const { tau, center } = groupBand([slow, fast], 'deviation', everywhere, 'tau')
    const gaps = [...tau].filter((_, k) => Number.isNaN(center[k]))
    expect(gaps.map((at) => at.toFixed(3))).toEqual(['0.030', '0.040', '0.050'])
  })

  it('has no more rows than the longest of many long runs, and still every end', () => {
    const curves = Array.from({ length: 12 }, (_, c) =>
      curveOf({ rows: 9000, pace: 0.001 * (1 + c / 12), slope: 1, offset: c }),
    )
    const { tau, reached } = groupBand(curves, 'deviation', everywhere, 'tau')
    expect(tau.length).toBeLessThanOrEqual(9000 + curves.length)
    for (const curve of curves.slice(0, -1))
      expect([...tau].some((at) => Math.abs(at - endOf(curve)) < 1e-6)).toBe(true)
    expect([reached[0], reached.at(-1)]).toEqual([12, 2])
  })
})

describe('the panel of such a group', () => {
  const runs = [0.3, 2].flatMap((weightDecay) =>
    [0, 1, 2].map((seed) =>
      runSummary({ id: `${weightDecay} ${seed}`, seed, name: `wd = ${weightDecay}, seed ${seed}` }),
    ),
  )
  const curves = curvesByRun(
    runs.map(({ id: runId }) => {
      const curve = curveOf({ rows: 31, pace: Number(runId.split(' ')[0]) / 100, slope: 0.1, offset: 0 })
      return { runId, curves: { testMse: curve } }
    }) as never,
  )
  const panelOn = (axis: HorizontalAxis) => {
    const groups = groupRuns(compareRuns(runs, undefined).runs, findGrouping('none')!)
    return groupPanel(groups, curves, 'testMse', { axis, vertical: 'linear', spread: 'deviation', traces: false })
  }

  it('says so where it says how many steps are common, and counts those that are there', () => {
    const { panel, bands } = panelOn('tau')
    expect(panel.caption).toBe(
      'mean ± std; clocks differ: read at equal τ, interpolated; dotted where not all have come so far',
    )
    const at = bands[0]!.tau.findIndex((tau) => tau >= 3 - 1e-9)
    expect(bands[0]!.reached[at]).toBe(3)
    expect(bands[0]!.center[at]).toBeCloseTo(0.1 * bands[0]!.tau[at]!, 9)
    expect(panelOn('step').panel.caption).toBe('mean ± std over 31 common steps')
  })
})
