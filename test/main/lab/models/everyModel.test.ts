import { describe, expect, it } from 'vitest'
import { analyze } from '../../../../src/main/lab/analyze.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { runExperiment, type RunOptions } from '../../../../src/main/lab/runExperiment.ts'
import { analysisKinds, type AnalysisKind } from '../../../../src/shared/analysis.ts'
import { parseExperiment, toRunSpec, type ComposedInput, type RunSpec } from '../../../../src/shared/experiment.ts'
import {
  describeModel,
  modelKind,
  models,
  parametersOf,
  type NetworkSpec,
} from '../../../../src/shared/models/models.ts'
import type { RunEvent, Snapshot } from '../../../../src/shared/run.ts'
import { taskSizes } from '../../../../src/shared/tasks/tasks.ts'

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
        expect(() => specOf(name)).toThrow(/dynamics.kind: "isolated" .*regression on the first; its layers/)
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
    expect(analyze(input, plainBackend('float64'))).toBeTruthy()
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

async function run(spec: RunSpec, more: Partial<RunOptions> = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of runExperiment(spec, { runId: 'r', backend: plainBackend('float64'), ...more })) {
    events.push(event)
  }
  return events
}

function snapshotsOf(events: readonly RunEvent[]): Snapshot[] {
  return events.flatMap((event) => (event.type === 'snapshot' ? [event.snapshot] : []))
}
