import type { Activation, ComposedInput } from '../../../shared/experiment.ts'
import type { OptimizerSpec } from '../../../shared/dynamics/optimizers.ts'
import { plainBackend } from '../backend/plain.ts'
import { oddSizes } from '../backend/selfTest.ts'
import { webGpuTrainingEvolution } from '../evolutions/webGpuTrainingEvolution.ts'
import { randomStream } from '../network/randomStream.ts'
import { compare, testSteps, type DeviceFindings } from '../testSteps.ts'
import { deviceProducts } from './deviceProducts.ts'
import type { FusedForm } from './fusedKernels.ts'
import type { StepShape } from './stepShape.ts'
import { productForms, type ProductForm, type Tiling } from './tilings.ts'
import { kernelChoice, planTraining, stepShape, type KernelChoice, type PlannedTraining } from './trainingPlan.ts'

type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

/** A small training on a GPU. */
interface Case {
  readonly name: string
  /** Of the gradient of all samples, and of a step. */
  readonly choices: { readonly all: KernelChoice; readonly ofStep: KernelChoice }
  readonly task: ComposedInput['task']
  readonly activation: Activation
  readonly biases?: boolean
  readonly dynamics: Omit<Training, 'kind' | 'steps'>
  readonly interventions?: ComposedInput['interventions']
}

/** Samples of a batch, of fewer than all. */
const batchSize = 6
/** More units than a workgroup adds the rows of, and more parameters than one takes the norm of. */
const hidden = 77
const tokens: ComposedInput['task'] = { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 }
const dense: ComposedInput['task'] = { kind: 'sparseParity', bits: 13, parityBits: 2, samples: 29, trainFraction: 0.7 }

/**
 * Tests the GPU that trains, once for each set of kernels: those that a training uses, in the forms that suit its sizes, or without one all that there
 * are. Products on odd sizes, |Δ| ≤ 4·k·u for sums of k terms of [−1/2, 1/2); and twenty steps of small trainings by these kernels against the float64
 * trainer, |Δθ| ≤ 2e-5, and once more for their bits.
 */
export function testGpu(
  gpu: GPUDevice,
  training?: PlannedTraining,
  choose: (shape: StepShape) => KernelChoice = kernelChoice,
): Promise<DeviceFindings> {
  const cases = training ? [caseOf(training, choose)] : everyCase
  const key = JSON.stringify(cases)
  const known = findings.get(gpu) ?? new Map<string, Promise<DeviceFindings>>()
  findings.set(gpu, known)
  const found = known.get(key) ?? test(gpu, cases, training ? formsOf(training, choose) : productForms)
  known.set(key, found)
  return found
}

/** What was found in this process: another one tests anew. */
const findings = new WeakMap<GPUDevice, Map<string, Promise<DeviceFindings>>>()

async function test(gpu: GPUDevice, cases: readonly Case[], forms: readonly ProductForm[]): Promise<DeviceFindings> {
  const failure = forms.length > 0 ? await testProducts(gpu, forms) : undefined
  if (failure) return { failure, repeats: false }
  let repeats = true
  for (const { name, choices, activation, biases = false, dynamics, ...given } of cases) {
    const input = {
      ...given,
      network: { hidden, activation, biases },
      dynamics: { ...dynamics, kind: 'training' as const, steps: 20 },
    }
    const choose = ({ samples }: StepShape) => (dynamics.batch && samples === batchSize ? choices.ofStep : choices.all)
    const found = await testSteps(name, input, (...run) => webGpuTrainingEvolution(gpu, ...run, { choose }))
    if (found.failure) return found
    repeats &&= found.repeats
  }
  return { repeats }
}

/** The forms of the products that a training computes: none where all is fused. */
function formsOf(training: PlannedTraining, choose: (shape: StepShape) => KernelChoice): ProductForm[] {
  const { step, whole } = planTraining(training, choose)
  const needed = [...step, ...whole].flatMap(({ product }) => product ?? [])
  return productForms.filter((form) =>
    needed.some(({ layout, micro }) => layout === form.layout && micro === form.micro),
  )
}

/** The kernels of a training on a small task. */
function caseOf({ dynamics, shape, isClamped }: PlannedTraining, choose: (shape: StepShape) => KernelChoice): Case {
  const choices = { all: choose(shape), ofStep: choose(stepShape(shape, dynamics)) }
  const { kind } = dynamics.optimizer
  const isClipped = dynamics.maxGradientNorm !== undefined
  const words = [
    `${kind}${choices.ofStep.fused ? ', fused' : ' in products'}${shape.perRow === undefined ? ' of dense inputs' : ''}`,
    ...(isClipped ? ['clipped'] : []),
    ...(dynamics.batch ? ['on batches'] : []),
    ...(isClamped ? ['clamped'] : []),
    ...(shape.hasBiases ? ['with biases'] : []),
  ]
  return {
    name: words.join(', '),
    choices,
    task: shape.perRow === undefined ? dense : tokens,
    activation: shape.activation,
    biases: shape.hasBiases,
    dynamics: {
      optimizer: kind,
      loss: shape.loss,
      learningRate: rates[kind],
      weightDecay: 0.1,
      ...(isClipped && { maxGradientNorm: 0.1 }),
      ...(dynamics.batch && { batch: { size: batchSize, sampling: dynamics.batch.sampling } }),
    },
    ...(isClamped && { interventions: clamped }),
  }
}

const rates: Record<OptimizerSpec['kind'], number> = { gradientDescent: 0.05, momentum: 0.02, adamw: 5e-3 }
/** At an odd number of steps: an even one of wrong signs is none where the activation is odd. */
const clamped: ComposedInput['interventions'] = [{ at: 6, kind: 'clampNorm', norm: 'initial' }]

/** Trainings that together use every kernel in every form, optimizer and loss: of what is fused, the one has its rows and the other its registers. */
const everyCase: readonly Case[] = [
  {
    name: 'adamw, fused',
    choices: both({ rows: 4, isHeld: true }, 1),
    task: tokens,
    activation: 'gelu',
    dynamics: { optimizer: 'adamw', learningRate: 5e-3, weightDecay: 0.1, loss: 'crossEntropy' },
  },
  {
    name: 'momentum, fused, clipped, on batches, with biases',
    choices: both({ rows: 2, isHeld: false }, 1),
    task: tokens,
    activation: 'gelu',
    biases: true,
    dynamics: {
      ...{ optimizer: 'momentum', learningRate: 5e-3, weightDecay: 0.1, loss: 'crossEntropy' },
      ...{ maxGradientNorm: 0.1, batch: { size: batchSize } },
    },
  },
  {
    name: 'adamw, fused, row by row',
    choices: both({ rows: 1, isHeld: true }, 1),
    task: tokens,
    activation: 'gelu',
    dynamics: { optimizer: 'adamw', learningRate: 5e-3, weightDecay: 0.1, loss: 'crossEntropy' },
  },
  {
    name: 'gradientDescent in products',
    choices: both(undefined, 4),
    task: tokens,
    activation: 'tanh',
    dynamics: { optimizer: 'gradientDescent', learningRate: 0.05, weightDecay: 0.1 },
  },
  {
    name: 'adamw in products of dense inputs, clamped, with biases',
    choices: both(undefined, 1),
    task: dense,
    activation: 'leakyRelu',
    biases: true,
    dynamics: { optimizer: 'adamw', learningRate: 5e-3, weightDecay: 0.1 },
    interventions: clamped,
  },
]

/** Every product in tiles of one size, in two parts where it may be in some. */
function both(fused: FusedForm | undefined, micro: Tiling['micro']): Case['choices'] {
  const whole = { micro, parts: 1 } as const
  const inParts = { micro, parts: 2 }
  const tilings = { hidden: whole, back: whole, outputs: inParts, secondLayer: inParts, firstLayer: inParts }
  const choice: KernelChoice = { fused, tilings }
  return { all: choice, ofStep: choice }
}

async function testProducts(gpu: GPUDevice, forms: readonly ProductForm[]): Promise<string | undefined> {
  // Whole tiles of the largest, and what is over, on both sides.
  const [rows, inner, columns] = oddSizes.at(-1)!
  const stream = randomStream(1, 'firstLayer')
  const draw = (length: number) => Float32Array.from({ length }, () => stream.uniform() - 0.5)
  const [left, right] = [draw(rows * inner), draw(inner * columns)]
  const plain = plainBackend('float64')
  const [A, B, C] = [plain.matrix(rows, inner), plain.matrix(inner, columns), plain.matrix(rows, columns)]
  plain.upload(A, left)
  plain.upload(B, right)
  plain.gemm(false, false, 1, A, B, 0, C)
  const expected = plain.download(C)
  const found = await deviceProducts(gpu, { rows, columns, inner }, forms, left, right)
  const failures = forms.map(({ layout, micro }, i) => {
    const name = `the product ${layout} of ${rows} × ${inner} × ${columns} in tiles of ${16 * micro}`
    return compare(name, found[i]!, expected, 4 * inner * 2 ** -24)
  })
  return failures.find((failure) => failure !== undefined)
}
