import { describe, expect, it } from 'vitest'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'
import { runExperiment, type RunOptions } from '../../../../src/main/lab/runExperiment.ts'
import { datasetData, datasetStandIn } from '../../../../src/main/lab/tasks/dataset.ts'
import { toRunSpec, type ExperimentInput } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import type { Measurements, RunEvent, Snapshot } from '../../../../src/shared/run.ts'
import { datasetTask } from '../../../support/datasetTask.ts'
import reference from '../../../support/reference/dataset-training.json' with { type: 'json' }

async function compute(input: ExperimentInput, options: Pick<RunOptions, 'dataset' | 'initial'>) {
  const events: RunEvent[] = []
  const backend = plainBackend('float64')
  for await (const event of runExperiment(toRunSpec(parseExperiment(input), 0), { runId: 'r', backend, ...options })) {
    events.push(event)
  }
  expect(events.at(-1)).toMatchObject({ type: 'settled', status: 'finished' })
  const snapshots = events.flatMap((event): Snapshot[] => (event.type === 'snapshot' ? [event.snapshot] : []))
  const measured = events.flatMap((event): Measurements[] => (event.type === 'measured' ? [event.values] : []))
  const names = events.flatMap((event) => (event.type === 'event' ? [event.name] : []))
  return { final: snapshots.at(-1)!.matrices, measured, names }
}

const matrix = (rows: number[][]) => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
})

describe('least squares on data of real numbers', () => {
  const { task, dataset } = datasetTask(
    { X: matrix(reference.X).data, Y: matrix(reference.Y).data },
    { trainFraction: 1 },
  )
  const initial = { parameters: { E: matrix(reference.start.E), W: matrix(reference.start.W) } }
  const { learningRate, weightDecay, steps } = reference
  const input = { task, network: { hidden: 4, activation: 'identity' } } as const

  it('takes the steps that NumPy takes', async () => {
    const dynamics = { kind: 'training', learningRate, weightDecay, steps } as const
    const { final, measured } = await compute({ ...input, dynamics }, { dataset, initial })
    for (const name of ['E', 'W'] as const) {
      const expected = matrix(reference[name]).data
      final[name]!.data.forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-9))
    }
    expect(Math.abs(measured.at(-1)!.trainLoss! - reference.loss)).toBeLessThan(1e-9)
  })

  it('comes to the solution that is known in closed form, and has neither accuracy nor test', async () => {
    const dynamics = { kind: 'training', learningRate, weightDecay: 0, steps: 20_000 } as const
    const record = { measureEvery: 20_000 }
    const { final, measured, names } = await compute({ ...input, dynamics, record }, { dataset, initial })
    const product = productOf(final['E']!, final['W']!)
    product.forEach((value, at) => expect(value).toBeCloseTo(reference.leastSquares.flat()[at]!, 9))
    expect(measured.at(-1)!.trainLoss).toBeCloseTo(reference.leastSquaresLoss, 9)
    expect(Object.keys(measured.at(-1)!).sort()).toEqual([
      'firstLayerNormSquared',
      'gradientNorm',
      'secondLayerNormSquared',
      'trainLoss',
      'trainMse',
    ])
    expect(names).toEqual([])
  })
})

it('classes of noisy patterns are learned to generalization, as digits are', async () => {
  const stream = randomStream(3, 'inputs')
  const [samples, features, count] = [120, 16, 4]
  const patterns = Array.from({ length: count * features }, () => stream.normal())
  const Y = Int32Array.from({ length: samples }, (_, row) => row % count)
  const X = Float64Array.from(
    { length: samples * features },
    (_, at) => patterns[Y[Math.floor(at / features)]! * features + (at % features)]! + 0.3 * stream.normal(),
  )
  const { task, dataset } = datasetTask({ X, Y }, { features, trainFraction: 0.5 })
  const dynamics = { kind: 'training', learningRate: 0.1, weightDecay: 1e-4, loss: 'crossEntropy', steps: 400 } as const
  const { measured, names } = await compute({ task, network: { hidden: 32 }, dynamics }, { dataset })
  expect(measured[0]!.testAccuracy).toBeLessThan(0.6)
  expect(measured.at(-1)!.testAccuracy).toBe(1)
  expect(names).toEqual(expect.arrayContaining(['memorized', 'halfRise', 'generalized']))
})

it('is refused where the specification says of it what it is not, by the field, its value and the right one', () => {
  const X = Float64Array.from({ length: 18 }, (_, at) => at)
  const classes = datasetTask({ X, Y: Int32Array.of(0, 1, 2, 0, 1, 2) })
  const real = datasetTask({ X, Y: new Float64Array(12) })
  const said =
    ({ task, dataset }: typeof real, content: object) =>
    () =>
      datasetData({ ...task, content: { ...task.content, ...content } }, dataset)
  expect(said(classes, {})().outputs).toBe(3)
  for (const [given, content, message] of [
    [classes, { outputs: 4 }, 'task.content.outputs: 4 is not that of the data, 3'],
    [classes, { outputs: 2 }, 'task.content.outputs: 2 is not that of the data, 3'],
    [classes, { targets: 'real' }, 'task.content.targets: "real" is not that of the data, "classes"'],
    [classes, { samples: 5 }, 'task.content.samples: 5 is not that of the data, 6'],
    [real, { features: 2 }, 'task.content.features: 2 is not that of the data, 3'],
    [real, { outputs: 3 }, 'task.content.outputs: 3 is not that of the data, 2'],
  ] as const) {
    expect(said(given, content)).toThrow(message)
  }
  const below = { ...classes.dataset, Y: Int32Array.of(0, 1, 2, 0, -1, 2) }
  expect(() => datasetData(classes.task, below)).toThrow('Y: -1 is no class')
  for (const outputs of [3, 9]) {
    const task = { ...classes.task, content: { ...classes.task.content, outputs } }
    expect(datasetData(task, datasetStandIn(task)).outputs).toBe(outputs)
  }
})

function productOf(A: Snapshot['matrices'][string], B: Snapshot['matrices'][string]): number[] {
  return Array.from({ length: A.rows * B.columns }, (_, at) => {
    const [row, column] = [Math.floor(at / B.columns), at % B.columns]
    return Array.from(
      { length: A.columns },
      (_, k) => A.data[row * A.columns + k]! * B.data[k * B.columns + column]!,
    ).reduce((sum, value) => sum + value, 0)
  })
}
