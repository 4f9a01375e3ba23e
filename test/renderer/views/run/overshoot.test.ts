import { describe, expect, it } from 'vitest'
import { heunRepetition, overshootOf } from '../../../../src/renderer/views/run/overshoot.ts'
import { CurveBuffer } from '../../../../src/shared/curves/curveBuffer.ts'
import { toRunSpec, type ComposedInput } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import { facetsOfFigure6, runSummary } from '../../../support/runSummary.ts'

const step = Float64Array.from({ length: 1001 }, (_, row) => 10 * row)
const curveOf = (value: (step: number) => number) => ({ step, tau: step, seconds: step, value: step.map(value) })
/** The largest of all is at the start of the run, and what overshoots is far from it. */
const norm = (at: number) => (at < 10 ? 900 : at > 8000 && at <= 8040 ? 100 + at - 8000 : 100)
const names = ['firstLayerNormSquared', 'secondLayerNormSquared'] as const
const curves = (ids: readonly string[]) =>
  new Map(ids.map((id) => [id, new CurveBuffer(names, { [names[0]]: curveOf(norm), [names[1]]: curveOf(() => 7) })]))
const runAt = (at: number | null, seed: number, kind = 'isolated') =>
  runSummary({
    id: `r${seed}`,
    seed,
    facets: { ...facetsOfFigure6, 'dynamics.kind': kind as 'isolated' },
    events: at === null ? {} : { localErrorExceeded: { step: at, tau: 0, value: 0.06 } },
  })

describe('a step that overshoots', () => {
  it('is the first of those of the group, with what the norm does around it, not elsewhere in the run', () => {
    const runs = [runAt(9000, 0), runAt(8001, 1), runAt(null, 2)]
    expect(overshootOf({ runs, curves: curves(['r0', 'r1', 'r2']) })).toEqual({
      step: 8001,
      seed: 1,
      state: 'E',
      norm: { from: 100, fromStep: 8000, to: 140, toStep: 8040 },
    })
    // There is nothing that rises.
    expect(overshootOf({ runs: [runAt(9000, 0)], curves: curves(['r0']) })).toMatchObject({ step: 9000, norm: null })
    expect(overshootOf({ runs: [runAt(null, 0)], curves: curves(['r0']) })).toBeNull()
    expect(overshootOf({ runs: [runAt(1, 0)], curves: new Map() })).toMatchObject({ step: 1, norm: null })
  })

  it('is of all weights where these move together', () => {
    expect(overshootOf({ runs: [runAt(8001, 0, 'zeroLossFlow')], curves: curves(['r0']) })).toMatchObject({
      state: 'θ',
      norm: { from: 107, to: 147 },
    })
  })
})

describe('its repetition with Heun', () => {
  const input: ComposedInput = {
    name: 'n'.repeat(199),
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
    network: { hidden: 64 },
    dynamics: { kind: 'isolated', steps: 100 },
  }
  const specOf = (changes: Partial<ComposedInput> = {}) =>
    toRunSpec(parseExperiment({ ...input, ...changes } as never), 3)
  const ofNone = [3, 4].map((seed) => ({ seed, parentRunId: null, parentStep: null }))
  const ofOne = ofNone.map((run) => ({ ...run, parentRunId: 'p', parentStep: 20 }))

  it('has the start of the runs: that of their specification, or the snapshot that they branched from', () => {
    const own = heunRepetition(specOf(), ofNone)!
    expect(own.parent).toBeNull()
    expect(parseExperiment(own.spec)).toMatchObject({
      seeds: [3, 4],
      dynamics: { integrator: { kind: 'heun', tolerance: 1e-3 } },
    })
    expect(heunRepetition(specOf(), ofOne)).toEqual({ spec: own.spec, parent: { runId: 'p', step: 20 } })
  })

  it('is none where the start cannot be had again, or nothing is integrated', () => {
    expect(heunRepetition(specOf(), [...ofNone, ...ofOne])).toBeNull()
    const file = { kind: 'file', path: 'start.npz' } as const
    expect(heunRepetition(specOf({ initialization: file }), ofNone)).toBeNull()
    expect(heunRepetition(specOf({ initialization: { ...file, hash: 'a'.repeat(64) } }), ofNone)).not.toBeNull()
    expect(heunRepetition(specOf({ initialization: file }), ofOne)).not.toBeNull()
    const dynamics = { kind: 'training', learningRate: 1, weightDecay: 0, steps: 10 } as const
    expect(heunRepetition(specOf({ dynamics }), ofNone)).toBeNull()
  })
})
