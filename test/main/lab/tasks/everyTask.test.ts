import { describe, expect, it } from 'vitest'
import { analyze } from '../../../../src/main/lab/analyze.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'
import { runExperiment } from '../../../../src/main/lab/runExperiment.ts'
import { analysisKinds, type AnalysisKind, type FourierAnalysis } from '../../../../src/shared/analysis.ts'
import { toRunSpec, type ComposedInput } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import { squaredNorm } from '../../../../src/shared/panels/matrixOrder.ts'
import type { RunEvent, Snapshot } from '../../../../src/shared/run.ts'
import { describeTask, taskKinds, type TaskKind, type TaskSpec } from '../../../../src/shared/tasks/tasks.ts'
import { datasetTask } from '../../../support/datasetTask.ts'

const drawn = randomStream(0, 'inputs')
const X = Float64Array.from({ length: 60 }, () => drawn.normal())
const classes = datasetTask({ X, Y: Int32Array.from({ length: 20 }, (_, row) => (X[3 * row]! > 0 ? 1 : 0)) })
const real = datasetTask({ X, Y: X.subarray(0, 40), train: Int32Array.of(0, 1, 2, 3, 5, 8, 13) })
const datasets = new Map([classes, real].map(({ task, dataset }) => [task as unknown, dataset]))

/** Small tasks of every kind; the law below asks for each of them. */
const inputs: Record<string, ComposedInput['task']> = {
  'a + b mod 7': { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  'a + b mod 6': { kind: 'modularAddition', modulus: 6, trainFraction: 0.7 },
  'a + b, all trained on': { kind: 'modularAddition', modulus: 5, trainFraction: 1 },
  'a + b of ordered pairs': {
    kind: 'modularAddition',
    modulus: 5,
    trainFraction: 0.6,
    pairs: 'ordered',
    inputs: 'concatenated',
  },
  'a + b without a block': { kind: 'modularAddition', modulus: 7, trainFraction: 0.7, split: { kind: 'block' } },
  'a + b without a strip': { kind: 'modularAddition', modulus: 7, trainFraction: 0.7, split: { kind: 'strip' } },
  'a − b': { kind: 'modularSubtraction', modulus: 5, trainFraction: 0.6 },
  'a · b mod 7': { kind: 'modularMultiplication', modulus: 7, trainFraction: 0.7 },
  'a · b mod 8': { kind: 'modularMultiplication', modulus: 8, trainFraction: 0.7 },
  'a / b': { kind: 'modularDivision', modulus: 5, trainFraction: 0.6 },
  'a² + ab + b²': { kind: 'modularQuadratic', modulus: 7, trainFraction: 0.7 },
  'a³ + ab': { kind: 'modularCubic', modulus: 5, trainFraction: 0.6 },
  'parity of 2 of 8 bits': { kind: 'sparseParity', bits: 8, parityBits: 2, samples: 30, trainFraction: 0.6 },
  'classes from a file': classes.task,
  'real targets from a file': real.task,
  'two weights': { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
}

const dynamics = {
  training: { kind: 'training', learningRate: 0.1, weightDecay: 1e-3, steps: 4 },
  crossEntropy: { kind: 'training', learningRate: 0.1, weightDecay: 1e-3, loss: 'crossEntropy', steps: 4 },
  isolated: { kind: 'isolated', steps: 4 },
  ridge: { kind: 'isolated', ridge: 0.1, steps: 4 },
  zeroLossFlow: { kind: 'zeroLossFlow', steps: 4 },
  gradientFlow: { kind: 'gradientFlow', ridge: 0.1, steps: 4 },
} as const satisfies Record<string, ComposedInput['dynamics']>
type DynamicsName = keyof typeof dynamics

/** Why what does not run does not. Everything else does. */
function refusal(task: ComposedInput['task'], name: DynamicsName): RegExp | null {
  if (task.kind === 'toy')
    return name === 'gradientFlow' ? null : /a task of kind "toy" moves under "gradientFlow" only/
  if (task === real.task && name === 'crossEntropy')
    return /dynamics.loss: "crossEntropy" .* the targets are real numbers/
  return name === 'gradientFlow' ? /moves the tasks of kind "toy" only/ : null
}

const noGrid = ['parity of 2 of 8 bits', 'classes from a file', 'real targets from a file']
const noFrequencies = ['a · b mod 8', ...noGrid]
/** Those whose answers have the frequencies of their tokens: sums and differences. */
const hasKeys = (title: string) => title.startsWith('a + b') || title === 'a − b'

function analysisRefusal(title: string, kind: AnalysisKind): RegExp | null {
  if (title === 'two weights') return /"two linear weights" has no analysis .*: it has no layers/
  if ((kind === 'fourier' || kind === 'spectrumOverSteps') && noFrequencies.includes(title)) return /no cyclic symmetry/
  if (kind === 'predictions' && noGrid.includes(title)) return /do not lie on a grid/
  if (kind === 'restrictedLoss' && !hasKeys(title)) return /frequencies of its answers are not those of its tokens/
  if (kind === 'valueBound' && title === 'real targets from a file')
    return /margin" is not allowed; this task has no classes/
  return null
}

const options: Partial<Record<AnalysisKind, Record<string, unknown>>> = {
  restrictedLoss: { frequencies: [1] },
  valueBound: { of: 'margin' },
}

it('knows every kind of task', () => {
  const met = new Set(Object.values(inputs).map(({ kind }) => kind))
  expect([...met].sort()).toEqual([...taskKinds].sort() as TaskKind[])
})

describe.each(Object.entries(inputs))('%s', (title, task) => {
  const dataset = datasets.get(task)
  const own = { runId: 'r', backend: plainBackend('float64'), ...(dataset && { dataset }) }

  const specOf = (name: DynamicsName) => {
    // An odd activation without biases cannot tell an even answer of x from that of −x.
    const activation = task.kind === 'sparseParity' ? ('relu' as const) : ('tanh' as const)
    const network = task.kind === 'toy' ? {} : { network: { hidden: 64, activation } }
    return toRunSpec(parseExperiment({ task, ...network, dynamics: dynamics[name], record: { measureEvery: 1 } }), 3)
  }

  it.each(Object.keys(dynamics) as DynamicsName[])('runs under %s, or says why not', async (name) => {
    const reason = refusal(task, name)
    if (reason) {
      expect(() => specOf(name)).toThrow(reason)
      return
    }
    const spec = specOf(name)
    const events: RunEvent[] = []
    for await (const event of runExperiment(spec, own)) events.push(event)
    expect(events.at(-1)).toMatchObject({ type: 'settled', status: 'finished' })
    const measured = events.filter((event) => event.type === 'measured')
    for (const { values } of measured) {
      // Where nothing is held out nothing is measured on it, and no number stands for it.
      expect(Object.keys(values).some((each) => each.startsWith('test'))).toBe(hasTest(spec.task))
      if (dataset) expect('trainAccuracy' in values).toBe(task === classes.task)
      const { trainLoss } = values
      expect(trainLoss).toBeGreaterThanOrEqual(0)
    }
  })

  it.each(analysisKinds)('is analyzed by %s, or says why not', async (kind) => {
    const name = task.kind === 'toy' ? 'gradientFlow' : 'zeroLossFlow'
    const spec = specOf(name)
    const snapshots: Snapshot[] = []
    let train = new Int32Array()
    for await (const event of runExperiment(spec, own)) {
      if (event.type === 'started') train = Int32Array.from(event.train)
      if (event.type === 'snapshot') snapshots.unshift(event.snapshot)
    }
    const compute = () =>
      analyze({ ...own, kind, options: options[kind] ?? {}, spec, train, snapshots }, plainBackend('float64'))
    const reason = analysisRefusal(title, kind)
    if (reason) expect(compute).toThrow(reason)
    else expect(await compute()).toBeTruthy()
  })

  it.skipIf(analysisRefusal(title, 'fourier'))(
    'has the norm of a whole layer beside the features of a part',
    async () => {
      const spec = specOf('zeroLossFlow')
      const events: RunEvent[] = []
      for await (const event of runExperiment(spec, own)) events.push(event)
      const { snapshot } = events.findLast((event) => event.type === 'snapshot')!
      const cycles = describeTask(spec.task).inputCycles(spec.task)
      const asked = [...cycles.map((_, operand) => ({ layer: 'E', operand })), { layer: 'W' }]
      for (const options of asked) {
        const given = {
          ...own,
          kind: 'fourier' as const,
          options,
          spec,
          train: new Int32Array(),
          snapshots: [snapshot],
        }
        const { summary } = (await analyze(given, plainBackend('float64'))) as FourierAnalysis
        expect(summary.normSquared).toBeCloseTo(squaredNorm(snapshot.matrices[options.layer]!), 9)
      }
    },
  )
})

function hasTest(task: TaskSpec): boolean {
  return task.kind === 'toy' ? task.model === 'twoWeightLinear' : task.trainFraction < 1
}
