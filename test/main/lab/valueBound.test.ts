import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../../src/main/lab/analyze.ts'
import { createSizeSketch } from '../../../src/main/lab/analysis/sizeSketch.ts'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import type { AnalysisInput, AnalysisOptions, AnalysisResult } from '../../../src/shared/analysis.ts'
import { symmetricBound } from '../../../src/shared/charts/symmetricBound.ts'
import type { Snapshot } from '../../../src/shared/run.ts'
import { collectRun, eventsOf, runSpec } from '../../support/runs.ts'

const spec = runSpec({
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 9, activation: 'tanh' },
  dynamics: { kind: 'training', learningRate: 0.3, weightDecay: 1e-3, steps: 40 },
  record: { measureEvery: 10, snapshots: [0, 10, 20, 40] },
})
let snapshots: Snapshot[]
let train: Int32Array
beforeAll(async () => {
  const events = await collectRun(spec)
  snapshots = eventsOf(events, 'snapshot').map(({ snapshot }) => snapshot)
  train = eventsOf(events, 'started')[0]!.train
})

const run = (input: Pick<AnalysisInput, 'kind' | 'options' | 'snapshots'>) =>
  analyze({ spec, train, ...input }, plainBackend('float64'))
const boundOf = (options: AnalysisOptions<'valueBound'>) =>
  run({ kind: 'valueBound', options, snapshots }) as AnalysisResult<'valueBound'>

/** All values of a quantity in a snapshot, from the analyses that show them. */
function values(of: AnalysisOptions<'valueBound'>['of'], snapshot: Snapshot): Float64Array {
  const alone = { options: {}, snapshots: [snapshot] }
  if (of === 'H') return Float64Array.from((run({ kind: 'hidden', ...alone }) as AnalysisResult<'hidden'>).values.data)
  if (of !== 'margin') return Float64Array.from(snapshot.matrices[of]!.data)
  const { margin, modulus } = run({ kind: 'predictions', ...alone }) as AnalysisResult<'predictions'>
  return margin.filter((_, cell) => cell % modulus >= Math.floor(cell / modulus))
}

describe('the bound of a quantity over all snapshots', () => {
  it.each(['E', 'W', 'H', 'margin'] as const)('is the 99th percentile of the size of %s', (of) => {
    const all = snapshots.flatMap((snapshot) => [...values(of, snapshot)])
    const exact = symmetricBound(all)
    const { bound, snapshots: count } = boundOf({ of })
    expect(count).toBe(snapshots.length)
    expect(bound).toBeGreaterThanOrEqual(exact * (1 - 1e-12))
    expect(bound).toBeLessThanOrEqual(exact * 2 ** (1 / 128))
  })

  it.each(['E', 'H'] as const)('is, of what changed, that of the differences of %s from a step', (of) => {
    const origin = snapshots.find(({ step }) => step === 10)!
    const start = values(of, origin)
    const others = snapshots.filter((snapshot) => snapshot !== origin)
    const changes = others.flatMap((snapshot) => [...values(of, snapshot).map((value, place) => value - start[place]!)])
    expect(boundOf({ of, before: 10 }).bound / symmetricBound(changes)).toBeCloseTo(1, 2)
  })

  it('is none of margins of one class, which nothing rivals', () => {
    const content = { hash: 'a'.repeat(64), samples: 4, features: 7, targets: 'classes', outputs: 1 } as const
    const task = { kind: 'dataset', path: 'one.npz', trainFraction: 0.5, content } as const
    const one = runSpec({
      ...{ task, network: { hidden: 9 } },
      dynamics: { ...spec.dynamics, kind: 'training' } as never,
    })
    const dataset = { X: { rows: 4, columns: 7, data: new Float64Array(28) }, Y: new Int32Array(4) }
    const input = { kind: 'valueBound', options: { of: 'margin' }, spec: one, train: Int32Array.of(0, 1) } as const
    expect(() => analyze({ ...input, snapshots, dataset }, plainBackend('float64'))).toThrow(
      'of: "margin" is not allowed; this task has one class',
    )
  })

  it('refuses another quantity, and a step without a snapshot', () => {
    expect(() => boundOf({ of: 'Q' as never })).toThrow('of: "Q" is not allowed; one of "E", "W", "H", "margin"')
    expect(() => boundOf({ of: 'E', before: 3 })).toThrow('before: 3 is not allowed')
  })
})

describe('a sketch of sizes', () => {
  it('has quantiles half a percent too large at most, whatever the scale', () => {
    for (const scale of [1e-300, 1e-3, 1, 7e200]) {
      const sizes = Float64Array.from({ length: 2000 }, (_, k) => scale * (1 + k) ** 2 * (k % 2 === 0 ? 1 : -1))
      const sketch = createSizeSketch()
      sketch.add(sizes)
      const ratio = sketch.quantile(0.99) / symmetricBound(sizes)
      expect(ratio).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(ratio).toBeLessThan(1.0055)
    }
  })

  it('counts zeros, and nothing that is not finite', () => {
    const sketch = createSizeSketch()
    expect(sketch.quantile(0.99)).toBe(0)
    sketch.add([0, 0, 0, NaN, Infinity])
    expect(sketch.quantile(0.99)).toBe(0)
    sketch.add([1])
    expect(sketch.quantile(0.99)).toBe(1)
  })
})
