import { describe, expect, it } from 'vitest'
import { trackScale } from '../../../../src/renderer/components/trackAxis.ts'
import type { RunAxis } from '../../../../src/shared/curves/horizontalAxis.ts'
import { stepTrack } from '../../../../src/renderer/views/run/stepTrack.ts'
import { makeTicks } from '../../../../src/shared/charts/ticks.ts'
import { decayClock } from '../../../../src/shared/runClock.ts'
import type { Curve } from '../../../../src/shared/run.ts'

/** To step 100 of 1000: decay time goes twice as fast from step 50 on, computing evenly. */
const step = Float64Array.from({ length: 11 }, (_, k) => 10 * k)
const curve: Curve = {
  step,
  tau: step.map((at) => at + Math.max(0, at - 50)),
  seconds: step.map((at) => at / 10),
  value: step,
}
const trackOn = (axis: RunAxis, given: Partial<Parameters<typeof stepTrack>[1]> = {}) =>
  stepTrack(axis, { curve, end: 1000, tauAtEnd: 1950, clock: decayClock, ...given })
const width = 900
const scaleOf = (axis: RunAxis) => trackScale(trackOn(axis), [0, width])
const place = (axis: RunAxis, at: number) => scaleOf(axis).at(trackOn(axis).valueAt(at))

describe('the track of the scrubber', () => {
  it('begins at step 0 and ends at the last step of the run, on every axis', () => {
    for (const axis of ['step', 'logStep', 'tau', 'computeTime'] as const) {
      expect([place(axis, 0), place(axis, 1000)], axis).toEqual([0, width])
    }
  })

  it('is even in steps, in decay time or in their logarithms, as the curves are', () => {
    expect(place('step', 100)).toBe(width / 10)
    expect(place('tau', 100)).toBeCloseTo((width * 150) / 1950, 9)
    expect(place('tau', 550)).toBeCloseTo((width * 1050) / 1950, 9)
    expect(place('computeTime', 500)).toBeCloseTo(width / 2, 9)
    const decades = [1, 10, 100, 1000].map((at) => place('logStep', at))
    const widths = decades.slice(1).map((to, k) => to - decades[k]!)
    expect(widths[1]).toBeCloseTo(widths[0]!, 9)
    expect(widths[2]).toBeCloseTo(widths[0]!, 9)
  })

  it('leads back from each place to the step that stands there', () => {
    for (const axis of ['step', 'logStep', 'tau', 'computeTime'] as const) {
      const track = trackOn(axis)
      for (const at of [0, 1, 35, 50, 100, 101, 640, 1000]) {
        expect(track.positionAt(track.valueAt(at)), `${axis} ${at}`).toBeCloseTo(at, 6)
      }
    }
  })

  it('has ticks of its own axis, with one for zero also where it is logarithmic', () => {
    const labels = (axis: RunAxis) => makeTicks(scaleOf(axis), 130).major.map(({ label }) => label)
    expect(labels('logStep')).toEqual(['0', '1', '10', '100', '1\u2009000'])
    expect(labels('tau')).toEqual(['0', '500', '1\u2009000', '1\u2009500'])
  })

  it('is that of a study where its clock is logarithmic, without a place for zero, and waits for its first rows', () => {
    const flow = { ...decayClock, label: 'flow time', scale: 'log' as const }
    const times = { ...curve, tau: step.map((at) => 10 ** (at / 50 - 1)) }
    const track = trackOn('tau', { curve: times, clock: flow, end: 100, tauAtEnd: 10 })
    const scale = trackScale(track, [0, width])
    for (const at of [0, 20, 50, 100]) {
      expect(scale.at(track.valueAt(at))).toBeCloseTo((width * at) / 100, 6)
      expect(track.positionAt(track.valueAt(at))).toBeCloseTo(at, 6)
    }
    expect(makeTicks(scale, 130).major.map(({ label }) => label)).not.toContain('0')
    expect(trackOn('tau', { curve: null, clock: flow })).toMatchObject({ kind: 'linear' })
  })

  it('stands on steps where no decay time passes, or none is known yet', () => {
    const still = { ...curve, tau: new Float64Array(curve.step.length) }
    expect(trackOn('tau', { curve: still, tauAtEnd: 0 }).valueAt(500)).toBe(500)
    expect(trackOn('computeTime', { curve: null }).end).toBe(1000)
    expect(trackOn('tau', { curve: null }).valueAt(500)).toBe(975)
  })
})
