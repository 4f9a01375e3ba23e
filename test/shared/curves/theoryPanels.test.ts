import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../src/shared/curves/comparison.ts'
import { overlayPanel } from '../../../src/shared/curves/overlayPanel.ts'
import { axisOn } from '../../../src/shared/curves/horizontalAxis.ts'
import { decayClock } from '../../../src/shared/runClock.ts'
import {
  against,
  distancePanel,
  distancesOf,
  isProjectionOfStart,
  pacePanel,
  pacesOf,
  referenceOf,
  sharesStart,
} from '../../../src/shared/curves/theoryPanels.ts'
import { theoryReading } from '../../../src/renderer/views/compare/theoryReading.ts'
import type { Curve, RunSummary } from '../../../src/shared/run.ts'
import { runSummary } from '../../support/runSummary.ts'

const comparison = compareRuns(
  [
    runSummary({ id: 'fast', name: 'isolated', facets: { 'dynamics.kind': 'isolated' } }),
    runSummary({ id: 'real', name: 'training', facets: { 'dynamics.kind': 'training' } }),
    runSummary({ id: 'same', name: 'flow', facets: { 'dynamics.kind': 'zeroLossFlow' } }),
  ],
  undefined,
)
const tau = Float64Array.from({ length: 201 }, (_, i) => i / 100)
const falling = (rate: number): Curve => ({
  step: tau,
  tau,
  seconds: tau,
  value: tau.map((t) => 0.1 * Math.exp(-rate * t)),
})
const curves = new Map(
  [['real', 1] as const, ['fast', 2] as const, ['same', 1] as const].map(([id, rate]) => [
    id,
    { testMse: falling(rate) },
  ]),
)
const state = (speed: number) => ({ tau: [0, 1, 2], matrix: [0, 1, 2].map((t) => Float64Array.of(1 + speed * t, 0)) })
const states = new Map([
  ['real', state(1)],
  ['fast', state(1.44)],
  ['same', state(1)],
])
const reference = referenceOf(comparison.runs, undefined)!
const { runs } = against(comparison, reference)
const panels = {
  error: overlayPanel({ ...comparison, runs }, curves, 'testMse', { axis: 'tau', vertical: 'linear', reach: 0 }),
  distance: distancePanel(runs, distancesOf('real', runs, states), axisOn('tau', decayClock)),
  pace: pacePanel(runs, pacesOf('real', runs, curves)),
}

describe('theories against a reference', () => {
  it('are held against the run chosen, else the one that was trained, else the first', () => {
    const idOf = (...given: Parameters<typeof referenceOf>) => referenceOf(...given)?.run.id
    expect(idOf(comparison.runs, undefined)).toBe('real')
    expect(idOf(comparison.runs, 'same')).toBe('same')
    expect(idOf(comparison.runs, 'elsewhere')).toBe('real')
    expect(idOf(comparison.runs.slice(0, 1), undefined)).toBe('fast')
    expect(idOf([], undefined)).toBeUndefined()
  })

  it('draw the reference as the strong line, at no distance from itself', () => {
    expect(panels.error.series.map(({ role }) => role)).toEqual(['single', 'mean', 'single'])
    expect(panels.pace.series.map(({ name }) => name)).toEqual(['isolated', 'flow'])
    const own = panels.distance.series.find(({ name }) => name === 'training')!
    expect(own.y.every((share) => share === 0)).toBe(true)
  })

  it('give each panel x in ascending order', () => {
    for (const { series } of Object.values(panels)) {
      for (const { x } of series) expect([...x]).toEqual([...x].sort((a, b) => a - b))
    }
  })

  it('are read in words that the curves bear out', () => {
    const [isolated, flow] = theoryReading(runs, 'training', panels, 1)
    expect(isolated!.label).toBe('isolated')
    expect(isolated!.text).toContain('is off by 44 % of training’s way')
    expect(isolated!.text).toContain('0.023 lower')
    expect(isolated!.text).toContain('at 2.0 times the pace')
    expect(flow!.text).toBe(
      'is off by 0 % of training’s way, has the same test error and reaches equal errors at the same time.',
    )
    expect(theoryReading(runs, 'training', panels, 99)[0]!.text).not.toContain('%')
  })

  it('say nothing of distances between networks of unequal size', () => {
    const unequal = new Map([...states, ['fast', { tau: [0, 1], matrix: [Float64Array.of(1), Float64Array.of(2)] }]])
    const names = distancePanel(runs, distancesOf('real', runs, unequal), axisOn('tau', decayClock)).series.map(
      ({ name }) => name,
    )
    expect(names).toEqual(['training', 'flow'])
    expect(distancesOf('real', runs, new Map()).size).toBe(0)
  })

  it('know whether runs share their start but for rounding', () => {
    expect(sharesStart(states.get('real'), states.get('fast'))).toBe(true)
    const moved = (by: number) => ({ tau: [0], matrix: [Float64Array.of(1 + by, 0)] })
    expect(sharesStart(states.get('real'), moved(Number.EPSILON))).toBe(true)
    expect(sharesStart(states.get('real'), moved(1e-9))).toBe(false)
    const third = { tau: [0], matrix: [Float64Array.of(1 / 3, 2 / 3)] }
    expect(sharesStart(third, { tau: [0], matrix: [Float32Array.of(1 / 3, 2 / 3)] })).toBe(true)
    expect(sharesStart(states.get('real'), { tau: [0], matrix: [Float64Array.of(1)] })).toBe(false)
    expect(sharesStart(states.get('real'), undefined)).toBe(false)
  })

  it('know a flow on Z that begins at the projection of the start of the reference', () => {
    const run = (kind: string, changes: Partial<RunSummary> = {}, more: object = {}) =>
      runSummary({
        facets: {
          'dynamics.kind': kind,
          'initialization.scale': 1,
          'task.modulus': 11,
          ...more,
        } as RunSummary['facets'],
        ...changes,
      })
    const isProjection = (...[one, other]: [RunSummary, RunSummary]) => {
      expect(isProjectionOfStart(one, other)).toBe(isProjectionOfStart(other, one))
      return isProjectionOfStart(one, other)
    }
    const training = run('training')
    expect(isProjection(training, run('zeroLossFlow'))).toBe(true)
    expect(isProjection(training, run('isolated'))).toBe(false)
    expect(isProjection(run('zeroLossFlow'), run('zeroLossFlow'))).toBe(false)
    expect(isProjection(training, run('zeroLossFlow', { seed: 99 }))).toBe(false)
    expect(isProjection(training, run('zeroLossFlow', {}, { 'initialization.scale': 2 }))).toBe(false)
    expect(isProjection(training, run('zeroLossFlow', {}, { 'task.modulus': 13 }))).toBe(false)
    const clampAt = (at: number) => ({ 'interventions.0.kind': 'clampNorm', 'interventions.0.at': at })
    expect(isProjection(training, run('zeroLossFlow', {}, clampAt(0)))).toBe(false)
    expect(isProjection(training, run('zeroLossFlow', {}, clampAt(5)))).toBe(true)
    const branch = { parentRunId: 'a', parentStep: 3 }
    expect(isProjection(run('training', branch), run('zeroLossFlow', { ...branch, seed: 99 }))).toBe(true)
    expect(isProjection(run('training', branch), run('zeroLossFlow', { ...branch, parentStep: 4 }))).toBe(false)
    expect(isProjection(run('training', branch), run('zeroLossFlow', branch, clampAt(0)))).toBe(false)
    expect(isProjection(training, run('zeroLossFlow', branch))).toBe(false)
  })
})
