import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../../src/main/lab/analyze.ts'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import type { AnalysisInput, AnalysisKind, AnalysisResult } from '../../../src/shared/analysis.ts'
import type { RunEvent, Snapshot } from '../../../src/shared/run.ts'
import { collectRun, eventsOf, runSpec } from '../../support/runs.ts'

const spec = runSpec({
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 40 },
  dynamics: { kind: 'isolated', steps: 60, integrator: { kind: 'euler', stepSize: 0.01 } },
  record: { measureEvery: 10, snapshots: [30] },
})

describe('the analyses of a run', () => {
  let events: RunEvent[]
  let snapshots: Snapshot[]
  let train: Int32Array

  beforeAll(async () => {
    events = await collectRun(spec)
    snapshots = eventsOf(events, 'snapshot').map(({ snapshot }) => snapshot)
    train = eventsOf(events, 'started')[0]!.train
  })

  function compute<Kind extends AnalysisKind>(kind: Kind, options = {}, some = snapshots.slice(-1)) {
    const input: AnalysisInput = { kind, options, spec, train, snapshots: some }
    return analyze(input, plainBackend('float64')) as AnalysisResult<Kind>
  }

  it('predict what the run measured', () => {
    const { correct, margin, train: mask, predicted } = compute('predictions')
    const measured = eventsOf(events, 'measured').at(-1)!.values
    const upper = [...correct.keys()].filter((pair) => Math.floor(pair / 7) <= pair % 7)
    const trained = upper.filter((pair) => mask[pair] === 1)
    const share = (pairs: number[]) => pairs.filter((pair) => correct[pair] === 1).length / pairs.length
    expect(trained).toHaveLength(train.length)
    expect(share(trained)).toBeCloseTo(measured.trainAccuracy!, 12)
    expect(share(upper.filter((pair) => mask[pair] === 0))).toBeCloseTo(measured.testAccuracy!, 12)
    expect(Math.min(...trained.map((pair) => margin[pair]!))).toBeCloseTo(measured.trainMargin!, 9)
    for (const pair of upper) expect(predicted[(pair % 7) * 7 + Math.floor(pair / 7)]).toBe(predicted[pair])
  })

  it('give the full loss that the run measured, and parts that differ', () => {
    const { full, restricted, excluded } = compute('restrictedLoss', { frequencies: [1, 2] })
    const measured = eventsOf(events, 'measured').at(-1)!.values
    expect(full.test).toBeCloseTo(measured.testMse!, 12)
    expect(restricted.test).not.toBeCloseTo(full.test, 6)
    expect(excluded.test).not.toBeCloseTo(full.test, 6)
  })

  it('hold Parseval: p times the power of all frequencies is Σ‖E_j‖² without the mean', () => {
    const { steps, power } = compute('spectrumOverSteps', {}, [...snapshots].reverse())
    expect([...steps]).toEqual(snapshots.map(({ step }) => step))
    snapshots.forEach(({ matrices: { E } }, t) => {
      let total = 0
      let constant = 0
      for (let u = 0; u < 40; u++) {
        let sum = 0
        for (let j = 0; j < 7; j++) {
          sum += E!.data[j * 40 + u]!
          total += E!.data[j * 40 + u]! ** 2
        }
        constant += sum ** 2 / 7
      }
      let powers = 0
      for (let k = 0; k < 3; k++) powers += power.data[k * snapshots.length + t]!
      expect(7 * powers).toBeCloseTo(total - constant, 9)
    })
  })

  it('give Fourier features, circles and their summary for the step', () => {
    const { step, circles, summary, unitPower, norms } = compute('fourier')
    expect(step).toBe(60)
    expect([circles.rows, circles.columns, unitPower.rows, unitPower.columns, norms.length]).toEqual([3, 14, 40, 3, 6])
    expect(summary.normSquared).toBeCloseTo(eventsOf(events, 'measured').at(-1)!.values.firstLayerNormSquared!, 9)
    expect(summary.largestCosine).toBeLessThan(1)
    expect(summary.meanDominantShare).toBeGreaterThan(1 / 3)
  })

  it('give singular values, and the distance 0 of a state on the zero-loss set', () => {
    const { values, effectiveRank } = compute('singularValues')
    expect(values).toHaveLength(7)
    expect(effectiveRank).toBeGreaterThan(1)
    expect(compute('geometry').distanceToZeroLoss).toBeLessThan(1e-10)
  })

  it('call rounding what is rounding in the precision of the run, whatever theirs is', () => {
    // On Z but for the rounding of its weights to float32.
    const { matrices, ...rest } = snapshots.at(-1)!
    const rounded = Object.fromEntries(
      Object.entries(matrices).map(([name, { data, ...size }]) => [name, { ...size, data: Float32Array.from(data) }]),
    )
    const shareIn = (precision: 'float32' | 'float64') => {
      const given = { ...spec, precision }
      const input: AnalysisInput = {
        kind: 'geometry',
        options: {},
        spec: given,
        train,
        snapshots: [{ ...rest, matrices: rounded }],
      }
      return (analyze(input, plainBackend('float64')) as AnalysisResult<'geometry'>).tangentialFraction
    }
    expect(shareIn('float64')).toBeGreaterThan(0)
    expect(shareIn('float32')).toBeNaN()
  })

  it('give hidden values that the second layer turns into the training outputs', () => {
    const { values, samples } = compute('hidden')
    const { predicted } = compute('predictions')
    const { W } = snapshots.at(-1)!.matrices
    expect([values.rows, values.columns, samples['a']!.length]).toEqual([train.length, 40, train.length])
    for (let row = 0; row < values.rows; row++) {
      const output = Array.from({ length: 7 }, (_, o) => {
        let sum = 0
        for (let u = 0; u < 40; u++) sum += values.data[row * 40 + u]! * W!.data[u * 7 + o]!
        return sum
      })
      const [a, b] = [samples['a']![row]!, samples['b']![row]!]
      expect(output.indexOf(Math.max(...output))).toBe(predicted[a * 7 + b])
    }
  })

  it('read the second layer as p × d_h, so that its power is that of its rows turned', () => {
    const { summary, unitPower } = compute('fourier', { layer: 'W' })
    const { secondLayerNormSquared } = eventsOf(events, 'measured').at(-1)!.values
    expect(summary.normSquared).toBeCloseTo(secondLayerNormSquared!, 9)
    expect([unitPower.rows, unitPower.columns]).toEqual([40, 3])
    expect(() => compute('fourier', { layer: 'V' })).toThrow(/layer: "V".*"E", "W"/)
  })

  it('refuse frequencies that are not there, naming them and the range', () => {
    expect(() => compute('restrictedLoss', { frequencies: [4] })).toThrow(/frequencies: \[4\].*1 to 3/)
    expect(() => compute('restrictedLoss')).toThrow(/whole numbers from 1 to 3/)
  })
})
