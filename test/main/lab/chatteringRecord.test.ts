import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/main/lab/analyze.ts'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import { createChatteringRecord } from '../../../src/main/lab/chatteringRecord.ts'
import { createInterventions } from '../../../src/main/lab/interventions/interventions.ts'
import { downloaded } from '../../../src/main/lab/network/matrixLists.ts'
import { prepareNetwork } from '../../../src/main/lab/prepareNetwork.ts'
import type { AnalysisResult } from '../../../src/shared/analysis.ts'
import { LabError } from '../../../src/shared/errors.ts'
import type { ComposedInput, ComposedRunSpec } from '../../../src/shared/experiment.ts'
import type { RunEvent, Snapshot } from '../../../src/shared/run.ts'
import type { NetworkTask } from '../../../src/shared/tasks/tasks.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../support/runs.ts'
import { backendOnGpu, software } from '../../support/softwareGpu.ts'
import { backendOn, cpuTensorFlow } from '../../support/tensorflowDevices.ts'

const modulus = 7
const hidden = 40
const steps = 40
const chattering = { every: 8, ahead: 6 }
const everyStep = Array.from({ length: steps + 1 }, (_, step) => step)

const isolated = { kind: 'isolated', steps, integrator: { kind: 'euler', stepSize: 0.02 } } as const
const training = { kind: 'training', learningRate: 0.5, weightDecay: 1e-2, steps } as const

function specification(dynamics: ComposedInput['dynamics'], more: Record<string, unknown> = {}) {
  return runSpec({
    task: { kind: 'modularAddition', modulus, trainFraction: 0.8 },
    network: { hidden, activation: 'relu' },
    dynamics,
    record: { measureEvery: 10, snapshots: everyStep, chattering },
    ...more,
  } as ComposedInput)
}

/** Pairs (a, b), a ≤ b, in the order of D. */
const pairs = Array.from({ length: modulus }, (_, a) =>
  Array.from({ length: modulus - a }, (_, more) => [a, a + more] as const),
).flat()

/** z > 0 of each training pair and unit, from what a snapshot holds. */
function sidesOf(train: Int32Array, { matrices: { E, b } }: Snapshot): boolean[] {
  return [...train].flatMap((place) => {
    const [first, second] = pairs[place]!
    return Array.from({ length: hidden }, (_, u) => {
      const z = E!.data[first * hidden + u]! + E!.data[second * hidden + u]!
      return z + (b ? b.data[u]! : 0) > 0
    })
  })
}

/** The share with three changes or more, counted over the run's own states from a step on. */
function shareFrom(events: readonly RunEvent[], step: number): number {
  const { train } = eventsOf(events, 'started')[0]!
  const sides = Array.from({ length: chattering.ahead + 1 }, (_, j) => sidesOf(train, snapshotAt(events, step + j)))
  const counts = sides[0]!.map((_, at) => sides.slice(1).filter((now, j) => now[at] !== sides[j]![at]).length)
  return counts.filter((count) => count >= 3).length / counts.length
}

function measuredShares(events: readonly RunEvent[]): Map<number, number> {
  const found = eventsOf(events, 'measured').filter(({ values }) => values.chatteringShare !== undefined)
  return new Map(found.map(({ step, values }) => [step, values.chatteringShare!]))
}

const motions: Record<string, ComposedRunSpec> = {
  'isolated, relu': specification(isolated),
  'isolated, tanh': specification(isolated, { network: { hidden, activation: 'tanh' } }),
  'isolated, ridge': specification({ ...isolated, ridge: 0.1 }),
  // Its steps are several units of the clock long.
  'isolated, dense output': specification({
    ...isolated,
    integrator: { kind: 'dormandPrince', stepSize: 0.02, tolerance: 0.1, output: 'dense' },
  }),
  'flow on Z': specification({ kind: 'zeroLossFlow', steps, integrator: { kind: 'euler', stepSize: 0.02 } }),
  'gradient descent': specification(training),
  'biases, momentum': specification(
    { ...training, learningRate: 0.2, optimizer: { kind: 'momentum' } },
    { network: { hidden, activation: 'relu', biases: true } },
  ),
  'AdamW on batches': specification({
    ...training,
    learningRate: 0.05,
    loss: 'crossEntropy',
    optimizer: { kind: 'adamw' },
    batch: { size: 5 },
    schedule: { shape: 'cosine' },
  }),
  'a clamped norm': specification(training, { interventions: [{ at: 0, kind: 'clampNorm', norm: 'initial' }] }),
}

describe('the share of chattering pre-activations', () => {
  it.each(Object.entries(motions))('is what the states of the next steps show (%s)', async (_, spec) => {
    const events = await collectRun(spec)
    const measured = measuredShares(events)
    expect([...measured.keys()]).toEqual([0, 8, 16, 24, 32, 40])
    for (const step of [0, 8, 16, 24, 32]) expect(measured.get(step)).toBe(shareFrom(events, step))
  })

  it('is there to be seen with relu, and not with tanh', async () => {
    const [relu, tanh] = [
      await collectRun(motions['isolated, relu']!),
      await collectRun(motions['isolated, tanh']!),
    ].map(measuredShares)
    expect(relu!.get(40)).toBeGreaterThan(0.02)
    expect(tanh!.get(40)).toBe(0)
  })

  it('goes on as if nothing were done to the run, and begins from what was', async () => {
    const interventions = [
      { at: 10, kind: 'removeFrequencies', frequencies: [1, 2] },
      { at: 16, kind: 'rescale', layer: 'first', factor: 0.5 },
    ]
    const [plain, changed] = [
      await collectRun(motions['isolated, relu']!),
      await collectRun(specification(isolated, { interventions })),
    ]
    expect(measuredShares(changed).get(8)).toBe(measuredShares(plain).get(8))
    expect(shareFrom(changed, 8)).not.toBe(measuredShares(changed).get(8))
    expect(measuredShares(changed).get(16)).toBe(shareFrom(changed, 16))
  })

  it.each([
    ['OUT_OF_MEMORY', false],
    ['BACKEND_UNAVAILABLE', false],
    ['DIVERGED', true],
    ['NOT_POSITIVE_DEFINITE', true],
  ] as const)(
    'is not known where the steps ahead end in %s, if that is an outcome of them: %s',
    async (code, isOutcome) => {
      const spec = motions['isolated, relu'] as ComposedRunSpec & { task: NetworkTask }
      const backend = plainBackend(spec.precision)
      const { network } = prepareNetwork(spec, backend, undefined, undefined)
      const matrices = Object.fromEntries(
        network.parameters.map(({ name, matrix }) => [name, downloaded(backend, matrix)]),
      )
      const record = createChatteringRecord(network, spec, createInterventions(spec, network), chattering)
      const failure = new LabError(code, 'as the steps ahead are taken')
      backend.download = () => {
        throw failure
      }
      const measured = record.measure({ step: 0, matrices, scalars: {} })
      if (isOutcome) expect(await measured).toEqual({ chatteringShare: NaN })
      else await expect(measured).rejects.toBe(failure)
    },
  )

  it('is known where decay turns the weights of some units round at every step', async () => {
    const live = 14
    const E = { rows: modulus, columns: hidden, data: new Float64Array(modulus * hidden) }
    E.data.forEach((_, at) => (E.data[at] = at % hidden < live ? 1 + at / 1000 : 0))
    const W = { rows: hidden, columns: modulus, data: new Float64Array(hidden * modulus) }
    const spec = specification({ ...training, learningRate: 1e-4, weightDecay: 1.9e4, steps: 8 })
    const events = await collectRun(spec, { initial: { parameters: { E, W } } })
    expect([...measuredShares(events)]).toEqual([
      [0, live / hidden],
      [8, live / hidden],
    ])
    expect(eventsOf(events, 'event').find(({ name }) => name === 'chattering')).toMatchObject({
      step: 0,
      value: live / hidden,
    })
  })

  it.each([
    { kind: 'euler', stepSize: 0.02 },
    { kind: 'heun', stepSize: 0.02, tolerance: 1e-2 },
    { kind: 'heun', stepSize: 0.02, tolerance: 1e-2, output: 'dense' },
    { kind: 'dormandPrince', stepSize: 0.02, tolerance: 1e-2, output: 'dense' },
  ] as const)(
    'is measured again with the same bits by a resumed run ($kind, $tolerance, $output)',
    async (integrator) => {
      const more = { record: { measureEvery: 10, snapshots: [7, 16, 19], chattering } }
      await expectResumed(specification({ ...isolated, integrator }, more))
    },
  )

  it.each(['flow on Z', 'biases, momentum', 'AdamW on batches', 'a clamped norm'])(
    'is measured again with the same bits by a resumed run (%s)',
    (name) => expectResumed(motions[name]!),
  )

  async function expectResumed(spec: ComposedRunSpec) {
    const whole = await collectRun(spec)
    for (const step of [7, 16, 19]) {
      const resumed = await collectRun(spec, { resumeFrom: snapshotAt(whole, step) })
      const after = (events: RunEvent[]) => [...measuredShares(events)].filter(([at]) => at > step)
      expect(after(resumed)).toEqual(after(whole))
      expect(after(whole).length).toBeGreaterThan(2)
      expect(snapshotAt(resumed, steps)).toEqual(snapshotAt(whole, steps))
    }
  }

  it.each([...Object.entries(motions), ['dense output', dense()] as const])(
    'leaves the run as it is (%s)',
    async (_, spec) => {
      const { chattering: __, ...record } = spec.record
      const [plain, observed] = [await collectRun({ ...spec, record }), await collectRun(spec)]
      const own = (events: RunEvent[]) => [
        snapshotAt(events, steps).matrices,
        eventsOf(events, 'settled')[0]!.report,
        eventsOf(events, 'measured').flatMap(({ step, values: { chatteringShare: ___, ...values } }) =>
          step % 10 === 0 ? [values] : [],
        ),
      ]
      expect(own(observed)).toEqual(own(plain))
    },
  )

  function dense() {
    const integrator = { kind: 'dormandPrince', stepSize: 0.02, tolerance: 1e-3, output: 'dense' } as const
    return specification({ ...isolated, integrator })
  }

  const onDevices = {
    'TensorFlow.js': () => backendOn(cpuTensorFlow),
    ...(software.gpu ? { WebGPU: () => backendOnGpu(software.gpu!) } : {}),
  }
  it.each(Object.entries(onDevices))('is measured by the device that trains (%s)', async (_, open) => {
    const spec = specification(
      { ...training, optimizer: { kind: 'adamw' }, learningRate: 0.05 },
      { precision: 'float32' },
    )
    const events = await collectRun(spec, { backend: open() })
    expect(eventsOf(events, 'settled')[0]).toMatchObject({ status: 'finished' })
    const measured = measuredShares(events)
    for (const step of [0, 8, 16, 24, 32]) expect(measured.get(step)).toBe(shareFrom(events, step))
    const { train } = eventsOf(events, 'started')[0]!
    const input = { kind: 'signChanges' as const, options: {}, spec, train, snapshots: [snapshotAt(events, 24)] }
    const analyzed = (await analyze(input, plainBackend('float64'))) as AnalysisResult<'signChanges'>
    expect(Math.abs(analyzed.chatteringShare - measured.get(24)!)).toBeLessThan(0.01)
    const { chattering: __, ...record } = spec.record
    const plain = await collectRun({ ...spec, record }, { backend: open() })
    expect(snapshotAt(events, steps).matrices).toEqual(snapshotAt(plain, steps).matrices)
  })

  it('is not known where the run diverges before', async () => {
    const spec = specification(
      { ...training, learningRate: 2, steps: 100 },
      { network: { hidden, activation: 'quadratic' }, record: { chattering: { every: 100, ahead: 100 } } },
    )
    const events = await collectRun(spec)
    expect(eventsOf(events, 'settled')[0]).toMatchObject({ status: 'failed', code: 'DIVERGED' })
    expect(measuredShares(events).get(0)).toBeNaN()
  })

  it('is what an analysis of the snapshot counts, by pairs and units', async () => {
    const spec = motions['isolated, relu']!
    const events = await collectRun(spec)
    const { train } = eventsOf(events, 'started')[0]!
    const compute = async (options: Record<string, unknown>) => {
      const input = { kind: 'signChanges' as const, options, spec, train, snapshots: [snapshotAt(events, 24)] }
      return (await analyze(input, plainBackend('float64'))) as AnalysisResult<'signChanges'>
    }
    const found = await compute({})
    expect(found.ahead).toBe(chattering.ahead)
    expect(found.chatteringShare).toBe(measuredShares(events).get(24))
    expect(found.changes).toMatchObject({ rows: train.length, columns: hidden })
    const counted = found.changes.data.filter((count) => count >= 3).length / found.changes.data.length
    expect(counted).toBe(found.chatteringShare)
    expect([...found.samples['a']!].map((a, row) => [a, found.samples['b']![row]!])).toEqual(
      [...train].map((place) => pairs[place]),
    )
    expect((await compute({ ahead: 12 })).ahead).toBe(12)
    for (const ahead of [2, 1001, 4.5, '6'])
      await expect(compute({ ahead })).rejects.toThrow(/ahead: .* whole number from 3 to 1000/)
  })

  it('is refused of a toy, and looked ahead too little', () => {
    expect(() =>
      runSpec({
        task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
        dynamics: { kind: 'gradientFlow', steps: 10 },
        record: { chattering: {} },
      }),
    ).toThrow(/record\.chattering.*toy.*pre-activations/)
    expect(() => specification(isolated, { record: { chattering: { ahead: 2 } } })).toThrow(
      /record\.chattering\.ahead: 2/,
    )
  })
})
