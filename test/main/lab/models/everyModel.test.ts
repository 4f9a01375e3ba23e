import { describe, expect, it } from 'vitest'
import { analyze } from '../../../../src/main/lab/analyze.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { lossGradient } from '../../../../src/main/lab/dynamics/lossGradient.ts'
import { axpbyAll, dotOf } from '../../../../src/main/lab/network/matrixLists.ts'
import { directionOf, matricesOf } from '../../../../src/main/lab/network/network.ts'
import { prepareNetwork } from '../../../../src/main/lab/prepareNetwork.ts'
import { runExperiment, type RunOptions } from '../../../../src/main/lab/runExperiment.ts'
import { analysisKinds, type AnalysisKind } from '../../../../src/shared/analysis.ts'
import { toRunSpec, type ComposedInput, type ComposedRunSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import {
  describeModel,
  modelKind,
  models,
  parametersOf,
  type NetworkSpec,
} from '../../../../src/shared/models/models.ts'
import type { RunEvent, Snapshot } from '../../../../src/shared/run.ts'
import { taskSizes, type NetworkTask } from '../../../../src/shared/tasks/tasks.ts'
import { largestDifference } from '../../../support/runs.ts'
import { entriesOf } from '../../../support/entries.ts'

const task = { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 } as const
const networks: Record<string, NetworkSpec> = {
  'two layers': { hidden: 64, activation: 'tanh' },
  'two layers with biases': { hidden: 64, activation: 'tanh', biases: true },
}
const training = { kind: 'training', learningRate: 0.1, weightDecay: 1e-3, steps: 4 } as const
const dynamics = {
  gradientDescent: training,
  momentum: { ...training, optimizer: { kind: 'momentum' } },
  adamw: { ...training, learningRate: 1e-3, optimizer: { kind: 'adamw' } },
  batches: { ...training, batch: { size: 5 }, maxGradientNorm: 0.1 },
  crossEntropy: { ...training, loss: 'crossEntropy' },
  isolated: { kind: 'isolated', steps: 4 },
  zeroLossFlow: { kind: 'zeroLossFlow', steps: 4 },
} as const satisfies Record<string, ComposedInput['dynamics']>
const options: Partial<Record<AnalysisKind, Record<string, unknown>>> = {
  restrictedLoss: { frequencies: [1] },
  valueBound: { of: 'margin' },
}

it('knows every kind of model', () => {
  expect(new Set(Object.values(networks).map(modelKind))).toEqual(new Set(Object.keys(models)))
})

describe.each(Object.entries(networks))('%s', (_, network) => {
  const specOf = (name: keyof typeof dynamics) =>
    toRunSpec(
      parseExperiment({ task, network, dynamics: dynamics[name], record: { measureEvery: 1, snapshots: [2] } }),
      3,
    )
  const isRefused = (name: keyof typeof dynamics) =>
    name === 'isolated' && describeModel(network).whyNoLinearReadout(network) !== null

  it.each(Object.keys(dynamics) as (keyof typeof dynamics)[])(
    'runs under %s and resumes to the same bits, or says why not',
    async (name) => {
      if (isRefused(name)) {
        expect(() => specOf(name)).toThrow(describeModel(network).whyNoLinearReadout(network)!)
        return
      }
      const spec = specOf(name)
      const events = await run(spec)
      expect(events.at(-1)).toMatchObject({ type: 'settled', status: 'finished' })
      const snapshots = snapshotsOf(events)
      const sizes = taskSizes(spec.task)
      for (const { name: parameter, rows, columns } of parametersOf(network, sizes)) {
        expect(snapshots[0]!.matrices[parameter]).toMatchObject({ rows, columns })
      }
      const resumeFrom = snapshots.find(({ step }) => step === 2)!
      expect(snapshotsOf(await run(spec, { resumeFrom })).at(-1)!.matrices).toEqual(snapshots.at(-1)!.matrices)
      if (name !== 'zeroLossFlow') return
      for (const event of events) if (event.type === 'measured') expect(event.values.trainLoss).toBeLessThan(1e-20)
    },
  )

  it('has gradients, J·v and Jᵀ·u that agree with finite differences', () => {
    const backend = plainBackend('float64')
    const spec: ComposedRunSpec = { ...specOf('gradientDescent'), initialization: { kind: 'uniform' } }
    const { network: prepared } = prepareNetwork(
      { ...spec, task: spec.task as NetworkTask },
      backend,
      undefined,
      undefined,
    )
    const { train, parameters } = prepared
    const theta = matricesOf(prepared)
    const jacobian = prepared.model.jacobian(prepared)
    const { gradient, ...loss } = lossGradient(prepared, { loss: 'crossEntropy', reduction: 'mean' })
    const direction = directionOf(prepared)
    const [product, cotangent, before] = [0, 1, 2].map(() => backend.matrix(train.Y.rows, train.Y.columns))
    entriesOf(cotangent!).forEach((_, at) => (entriesOf(cotangent!)[at] = Math.sin(at)))
    const h = 1e-5
    // One parameter after the other, so that each has its own part.
    for (const [i, { name }] of parameters.entries()) {
      direction.forEach((M, j) => entriesOf(M).forEach((_, at, data) => (data[at] = i === j ? Math.cos(at + 1) : 0)))
      const at = (length: number) => {
        axpbyAll(backend, length, direction, 1, theta)
        jacobian.linearize()
        return loss.evaluate()
      }
      const lossAfter = at(h)
      backend.axpby(1, jacobian.residual, 0, before!)
      const lossBefore = at(-2 * h)
      backend.axpby(-1 / (2 * h), jacobian.residual, 1 / (2 * h), before!)
      at(h)
      jacobian.multiply(direction, product!)
      expect(largestDifference(entriesOf(product!), entriesOf(before!)), `J·v of ${name}`).toBeLessThan(1e-8)
      expect(dotOf(backend, gradient, direction), `∇L of ${name}`).toBeCloseTo((lossAfter - lossBefore) / (2 * h), 8)
      const inOutputs = backend.dot(product!, cotangent!)
      const transposed = directionOf(prepared)
      jacobian.multiplyTransposed(cotangent!, transposed)
      expect(dotOf(backend, transposed, direction), `Jᵀ·u of ${name}`).toBeCloseTo(inOutputs, 10)
      expect(Math.abs(inOutputs), name).toBeGreaterThan(1e-3)
    }
  })

  it.each(analysisKinds)('is analyzed by %s', async (kind) => {
    const spec = specOf('zeroLossFlow')
    const events = await run(spec)
    const train = events.flatMap((event) => (event.type === 'started' ? [...event.train] : []))
    const input = {
      kind,
      options: options[kind] ?? {},
      spec,
      train: Int32Array.from(train),
      snapshots: snapshotsOf(events),
    }
    expect(await analyze(input, plainBackend('float64'))).toBeTruthy()
  })
})

it('rates of a parameter that the network lacks are refused by name', () => {
  const wrong = { ...training, perParameter: { b: { learningRate: 2 } } }
  expect(() => parseExperiment({ task, network: { hidden: 8 }, dynamics: wrong })).toThrow(
    /dynamics.perParameter.b: .*the network has no parameter b; it has E, W/,
  )
  expect(parseExperiment({ task, network: { hidden: 8, biases: true }, dynamics: wrong })).toMatchObject({
    dynamics: wrong,
  })
})

it('biases that are false are no choice', () => {
  const [said, unsaid] = [{ hidden: 8, biases: false }, { hidden: 8 }].map((network) =>
    parseExperiment({ task, network, dynamics: training }),
  )
  expect(said).toEqual(unsaid)
})

async function run(spec: ComposedRunSpec, more: Partial<RunOptions> = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of runExperiment(spec, { runId: 'r', backend: plainBackend('float64'), ...more })) {
    events.push(event)
  }
  return events
}

function snapshotsOf(events: readonly RunEvent[]): Snapshot[] {
  return events.flatMap((event) => (event.type === 'snapshot' ? [event.snapshot] : []))
}
