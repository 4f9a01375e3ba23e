import { effectScope, ref, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clockAxes, horizontalAxes, type HorizontalAxis } from '../../../../src/shared/curves/horizontalAxis.ts'
import { trackScale } from '../../../../src/renderer/components/trackAxis.ts'
import { curveReading, readAt } from '../../../../src/renderer/views/compare/reading.ts'
import { notBy, describePlace, useCursor } from '../../../../src/renderer/views/compare/useCursor.ts'
import { decayClock } from '../../../../src/shared/runClock.ts'
import { studies } from '../../../../src/shared/studies/studies.ts'

/** Two runs of as many steps, of which one decays twenty times as fast. */
const slow = { step: 10_000, tau: 1, seconds: 40, firstTau: 0 }
const fast = { step: 10_000, tau: 20, seconds: 30, firstTau: 0 }
const rows = Float64Array.from({ length: 101 }, (_, row) => row / 100)
const curveOf = (run: typeof slow) => ({
  step: rows.map((share) => share * run.step),
  tau: rows.map((share) => share * run.tau),
  seconds: rows.map((share) => share * run.seconds),
  value: rows.map((share) => 7 + share),
})
const curves = new Map([
  ['slow', curveOf(slow)],
  ['fast', curveOf(fast)],
])

let scope: EffectScope
const offered = ref<readonly [HorizontalAxis, ...HorizontalAxis[]]>(horizontalAxes)
const cursorOn = (axis: HorizontalAxis) => {
  const cursor = scope.run(() =>
    useCursor({ runs: () => [slow, fast], clock: () => decayClock, count: () => 'step', offered: () => offered.value }),
  )!
  cursor.axis.value = axis
  return cursor
}

beforeEach(() => {
  scope = effectScope()
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
  offered.value = horizontalAxes
})
afterEach(() => scope.stop())

describe('the cursor of a comparison', () => {
  it('is a place on the axis that is shown, where every run is read at its own rows', () => {
    const readings = (axis: HorizontalAxis, at: number) => {
      const { lineOf } = curveReading('loss', axis, (id) => curves.get(id))
      return ['slow', 'fast'].map((id) => readAt(lineOf(id)!, at))
    }
    expect(readings('step', 5000)).toEqual([7.5, 7.5])
    expect(readings('logStep', 5000)).toEqual([7.5, 7.5])
    expect(readings('tau', 1)).toEqual([8, 7.05])
    expect(readings('tau', 10)).toEqual([null, 7.5])
    expect(readings('computeTime', 36)).toEqual([7.9, null])
  })

  it('goes from the start to where the farthest run has come on that axis', () => {
    const ends = horizontalAxes.map((axis) => cursorOn(axis).end.value)
    expect(ends).toEqual([10_000, 10_000, 20, 20, 40])
    const cursor = cursorOn('step')
    cursor.go(1e9)
    expect(cursor.at.value).toBe(10_000)
    cursor.move(-1)
    expect(cursor.at.value).toBe(9900)
    cursor.toStart()
    expect(cursor.at.value).toBe(0)
  })

  it('stands on whole steps, and still moves along a logarithmic track from the first', () => {
    const cursor = cursorOn('logStep')
    cursor.go(1)
    for (let stride = 0; stride < 50; stride++) {
      cursor.move(1)
      expect(Number.isInteger(cursor.at.value)).toBe(true)
    }
    expect(cursor.at.value).toBeGreaterThan(50)
  })

  it('keeps its share of the way on another axis, and a value on the same one with another scale', () => {
    const cursor = cursorOn('step')
    cursor.go(2500)
    cursor.axis.value = 'logStep'
    expect(cursor.at.value).toBe(2500)
    cursor.axis.value = 'tau'
    expect(cursor.at.value).toBe(5)
    cursor.axis.value = 'computeTime'
    expect(cursor.at.value).toBe(10)
  })

  it('starts in the middle of its track, of a logarithmic one too', () => {
    for (const axis of horizontalAxes) {
      const { track, at } = cursorOn(axis)
      expect(trackScale(track.value, [0, 1000]).at(at.value) / 1000).toBeCloseTo(0.5, 2)
    }
  })

  it('stands in decay time where theory is, and on the chosen axis again after that', () => {
    const cursor = cursorOn('step')
    offered.value = clockAxes
    expect(cursor.axis.value).toBe('tau')
    cursor.axis.value = 'logTau'
    expect(cursor.axis.value).toBe('logTau')
    cursor.axis.value = 'computeTime'
    offered.value = horizontalAxes
    expect(cursor.axis.value).toBe('computeTime')
  })

  it('stands on the clock of studies, which has its own scale, its own beginning and a choice of its own', () => {
    const clock = ref(studies.multiScaleFeatures.clock)
    const runs = [{ step: 50, tau: 1e4, seconds: 3, firstTau: 0.01 }]
    const cursor = scope.run(() =>
      useCursor({ runs: () => runs, clock: () => clock.value, count: () => 'place', offered: () => horizontalAxes }),
    )!
    expect(cursor.axis.value).toBe('logTau')
    expect(cursor.track.value).toMatchObject({ kind: 'log', min: 0.01, beginsAtMin: true, end: 1e4 })
    cursor.toStart()
    expect(cursor.at.value).toBe(0.01)
    expect(cursor.choices.value.map(({ label }) => label)).toEqual([
      'place',
      'log place',
      'flow time',
      'log τ',
      'seconds',
    ])
    cursor.go(10)
    cursor.axis.value = 'step'
    expect(describePlace(cursor)).toBe('place 25')
    cursor.axis.value = 'logTau'
    expect(cursor.at.value).toBeCloseTo(10, 9)
    cursor.axis.value = 'step'
    clock.value = decayClock
    expect(cursor.axis.value).toBe('tau')
    clock.value = { ...studies.multiScaleFeatures.clock, symbol: 'λ' }
    expect(cursor.axis.value).toBe('step')
    cursor.axis.value = 'tau'
    cursor.go(2)
    expect(describePlace(cursor)).toBe('λ = 2')
  })

  it('says where it stands in words that name the axis', () => {
    const wordsOn = (axis: HorizontalAxis, at: number, digits?: number) => {
      const cursor = cursorOn(axis)
      cursor.go(at)
      return describePlace(cursor, digits)
    }
    expect(wordsOn('step', 5000)).toBe('step 5\u2009000')
    expect(wordsOn('tau', 4.96612)).toBe('τ = 4.966')
    expect(notBy('tau', 1)).toBe('not by 1')
    expect(notBy('step', 5000)).toBe('not by 5\u2009000')
    expect(wordsOn('computeTime', 12.34567, 3)).toBe('12.3 s of computing')
  })
})
