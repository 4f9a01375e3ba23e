import { describe, expect, it } from 'vitest'
import type { Backend, Matrix } from '../../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import { runExperiment } from '../../../src/main/lab/runExperiment.ts'
import { datasetStandIn } from '../../../src/main/lab/tasks/dataset.ts'
import { countLogSpacedSteps, logSpacedSteps } from '../../../src/shared/logSpacedSteps.ts'
import { estimateCost } from '../../../src/shared/estimate.ts'
import { toRunSpec, type ComposedInput } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { timeColumns } from '../../../src/main/store/measurementLayout.ts'
import { datasetTask } from '../../support/datasetTask.ts'
import { collectRun, eventsOf, runSpec } from '../../support/runs.ts'

/** A backend that counts the multiply-adds it is asked for; gathers and entrywise passes are none. */
function countingBackend(): { backend: Backend; count: () => number } {
  let total = 0
  const plain = plainBackend('float64')
  const backend: Backend = {
    ...plain,
    gemm(transposeA, transposeB, alpha, A, B, beta, C) {
      total += C.rows * C.columns * (transposeA ? A.rows : A.columns)
      plain.gemm(transposeA, transposeB, alpha, A, B, beta, C)
    },
    symmetricRankK(transpose, alpha, A, beta, C) {
      total += (C.rows ** 2 * (transpose ? A.rows : A.columns)) / 2
      plain.symmetricRankK(transpose, alpha, A, beta, C)
    },
    cholesky(A: Matrix) {
      total += A.rows ** 3 / 6
      return plain.cholesky(A)
    },
    solveCholesky(L, B) {
      total += L.rows ** 2 * B.columns
      plain.solveCholesky(L, B)
    },
  }
  return { backend, count: () => total }
}

const { task: dense } = datasetTask({ X: new Float64Array(80 * 20), Y: new Float64Array(80 * 3) }, { features: 20 })
const tokens = { kind: 'modularAddition', modulus: 11, trainFraction: 0.5 } as const

const training = { kind: 'training', learningRate: 1e-3, weightDecay: 0, steps: 1 } as const
const isolated = { kind: 'isolated', steps: 1, integrator: { kind: 'euler', stepSize: 1e-4 } } as const
const adaptive = { kind: 'heun', stepSize: 1e-5, tolerance: 0.1, output: 'dense' } as const

/** Multiply-adds of runs to so many steps, measured so often, and what is foreseen of them. */
async function work(
  {
    task,
    dynamics,
    initialization,
    ...network
  }: {
    task: ComposedInput['task']
    hidden: number
    biases?: boolean
    dynamics: ComposedInput['dynamics']
    initialization?: ComposedInput['initialization']
  },
  steps: number,
  measureEvery: number,
  chattering?: { every: number; ahead: number },
) {
  const { backend, count } = countingBackend()
  const spec = parseExperiment({
    task,
    network: { ...network, activation: 'tanh' },
    dynamics: { ...dynamics, steps },
    initialization,
    record: { measureEvery, snapshots: [], ...(chattering && { chattering }) },
  } as ComposedInput)
  const dataset = spec.task.kind === 'dataset' ? datasetStandIn(spec.task) : undefined
  const own = { runId: 'r', backend, ...(dataset && { dataset }) }
  for await (const event of runExperiment(toRunSpec(spec, 0), own)) {
    if (event.type === 'settled') expect(event.status).toBe('finished')
  }
  const { multiplyAddsPerStep, seconds } = estimateCost(spec, 1)
  return { counted: count(), perStep: multiplyAddsPerStep, whole: seconds! }
}

describe('the work that is foreseen', () => {
  const cases = {
    'training on tokens': { task: tokens, hidden: 30, dynamics: training },
    'training on dense inputs': { task: dense, hidden: 30, dynamics: training },
    'training on batches of dense inputs': { task: dense, hidden: 30, dynamics: { ...training, batch: { size: 14 } } },
    'training with biases': { task: tokens, hidden: 30, biases: true, dynamics: training },
    'training with biases on dense batches': {
      task: dense,
      hidden: 30,
      biases: true,
      dynamics: { ...training, batch: { size: 14 } },
    },
    'the isolated layer on tokens': { task: tokens, hidden: 60, dynamics: isolated },
    'the isolated layer on dense inputs': { task: dense, hidden: 60, dynamics: isolated },
    'a narrow isolated layer on dense inputs': { task: dense, hidden: 30, dynamics: { ...isolated, ridge: 0.1 } },
  }

  it.each(Object.entries(cases))('of a step is what the backend is asked for: %s', async (_, each) => {
    // The ends are measured alike.
    const [short, long] = [await work(each, 40, 1000), await work(each, 80, 1000)]
    expect((long.counted - short.counted) / 40).toBeCloseTo(long.perStep, 6)
  })

  it.each(Object.entries(cases))('of a measurement is that too: %s', async (_, each) => {
    const [seldom, often] = [await work(each, 40, 40), await work(each, 40, 1)]
    expect((often.counted - seldom.counted) / (often.whole - seldom.whole)).toBeCloseTo(1, 1)
  })

  it.each(Object.entries(cases))('of looking ahead is that too: %s', async (_, each) => {
    const [without, ahead] = [await work(each, 40, 40), await work(each, 40, 40, { every: 20, ahead: 29 })]
    expect((ahead.counted - without.counted) / (ahead.whole - without.whole)).toBeCloseTo(1, 1)
  })

  it.each(Object.entries(cases))('of a start that is trained is that too: %s', async (_, each) => {
    const trained = (steps: number) => {
      const initialization = { kind: 'trained', steps, learningRate: 0.1, weightDecay: 0 } as const
      return work({ ...each, initialization }, 1, 40)
    }
    const [short, long] = [await trained(10), await trained(50)]
    expect((long.counted - short.counted) / (long.whole - short.whole)).toBeCloseTo(1, 6)
  })

  it('of dense output has an evaluation of the field for each measurement, and no step cut short for it', async () => {
    const each = { task: dense, hidden: 60, dynamics: { ...isolated, integrator: adaptive } }
    const [seldom, often] = [await work(each, 40, 40), await work(each, 40, 1)]
    expect((often.counted - seldom.counted) / (often.whole - seldom.whole)).toBeCloseTo(1, 1)
  })
})

describe('the disk that is foreseen', () => {
  const network = { hidden: 30, activation: 'tanh' } as const
  const whole = { ...tokens, trainFraction: 1 } as const
  const gradientFlow = { kind: 'gradientFlow', ridge: 0.1, steps: 6 } as const
  const toy = (model: 'threeWeightLinear' | 'parabola', start: number[]) =>
    ({ task: { kind: 'toy', model, start }, dynamics: gradientFlow }) as const
  const cases: Record<string, ComposedInput> = {
    training: { task: tokens, network, dynamics: training },
    'training on all pairs': { task: whole, network, dynamics: training },
    'training on the cross-entropy': { task: tokens, network, dynamics: { ...training, loss: 'crossEntropy' } },
    'training under a schedule': { task: tokens, network, dynamics: { ...training, schedule: { shape: 'cosine' } } },
    'training on real targets': { task: dense, network, dynamics: training },
    'training with its geometry': {
      task: { ...tokens, modulus: 5 },
      network,
      dynamics: training,
      record: { geometry: { every: 1, lag: 1 } },
    },
    'training that looks ahead': {
      task: tokens,
      network,
      dynamics: training,
      record: { chattering: { every: 1, ahead: 3 } },
    },
    'the isolated layer': { task: tokens, network: { ...network, hidden: 60 }, dynamics: isolated },
    'the isolated layer in adaptive steps': {
      task: tokens,
      network: { ...network, hidden: 60 },
      dynamics: { ...isolated, integrator: adaptive },
    },
    'the flow on the zero-loss set': {
      task: { ...tokens, modulus: 5 },
      network,
      dynamics: { kind: 'zeroLossFlow', integrator: adaptive, steps: 6 },
    },
    'a linear toy': toy('threeWeightLinear', [-1, 1, 0.5]),
    'a toy': toy('parabola', [-1, 1]),
  }

  it.each(Object.entries(cases))('has the columns that a run stores, eight bytes a number: %s', async (_, input) => {
    const recorded = async (measureEvery: number) => {
      const spec = runSpec({
        ...input,
        dynamics: { ...input.dynamics, steps: 6 },
        record: { ...input.record, measureEvery, snapshots: [] },
      } as ComposedInput)
      const dataset = spec.task.kind === 'dataset' ? { dataset: datasetStandIn(spec.task) } : {}
      const rows = eventsOf(await collectRun(spec, dataset), 'measured')
      const names = new Set([...timeColumns, ...rows.flatMap(({ values }) => Object.keys(values))])
      const { diskBytes, measurements } = estimateCost(spec, null)
      // Geometry and chattering have rows of their own between those of what is measured otherwise.
      if (!input.record) expect(measurements).toBe(rows.length)
      return { columns: names.size, bytes: diskBytes }
    }
    const [seldom, often] = [await recorded(6), await recorded(1)]
    expect(often.bytes - seldom.bytes).toBe(8 * often.columns * 5)
  })

  it('counts log-spaced measurements as they come, to a hundredth and one', () => {
    for (const perDecade of [1, 7, 100, 1000]) {
      for (const steps of [1, 30, 434, 5000, 1_000_000]) {
        const count = logSpacedSteps(perDecade, steps).length
        expect(Math.abs(countLogSpacedSteps(perDecade, steps) - count)).toBeLessThanOrEqual(1 + 0.01 * count)
      }
    }
  })
})
