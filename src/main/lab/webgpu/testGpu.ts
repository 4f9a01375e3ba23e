import type { Activation, ComposedInput } from '../../../shared/experiment.ts'
import { plainBackend } from '../backend/plain.ts'
import { oddSizes } from '../backend/selfTest.ts'
import { webGpuTrainingEvolution } from '../evolutions/webGpuTrainingEvolution.ts'
import { randomStream } from '../network/randomStream.ts'
import { compare, testSteps, type DeviceFindings } from '../testSteps.ts'
import { deviceProduct } from './deviceProduct.ts'
import { tileSizes } from './productKernels.ts'

type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

const tokens: ComposedInput['task'] = { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 }
const dense: ComposedInput['task'] = { kind: 'sparseParity', bits: 5, parityBits: 2, samples: 29, trainFraction: 0.7 }

/** Trainings that together use every kernel, optimizer and loss, and whether their steps are fused. */
const cases: readonly {
  name: string
  isFused: boolean
  task: ComposedInput['task']
  activation: Activation
  dynamics: Omit<Training, 'kind' | 'steps'>
  interventions?: ComposedInput['interventions']
}[] = [
  {
    name: 'adamw, fused',
    isFused: true,
    task: tokens,
    activation: 'gelu',
    dynamics: { optimizer: 'adamw', learningRate: 5e-3, weightDecay: 0.1, loss: 'crossEntropy' },
  },
  {
    name: 'momentum, fused, clipped, on batches',
    isFused: true,
    task: tokens,
    activation: 'gelu',
    dynamics: {
      ...{ optimizer: 'momentum', learningRate: 5e-3, weightDecay: 0.1, loss: 'crossEntropy' },
      ...{ maxGradientNorm: 0.1, batch: { size: 6 } },
    },
  },
  {
    name: 'gradientDescent in products',
    isFused: false,
    task: tokens,
    activation: 'tanh',
    dynamics: { optimizer: 'gradientDescent', learningRate: 0.05, weightDecay: 0.1 },
  },
  {
    name: 'adamw in products of dense inputs, clamped',
    isFused: false,
    task: dense,
    activation: 'leakyRelu',
    dynamics: { optimizer: 'adamw', learningRate: 5e-3, weightDecay: 0.1 },
    interventions: [{ at: 5, kind: 'clampNorm', norm: 'initial' }],
  },
]

/**
 * Tests the GPU that trains: products in tiles of every size on odd sizes, |Δ| ≤ 4·k·u for sums of k terms of [−1/2, 1/2); and
 * twenty steps of trainings that together use every kernel, against the float64 trainer, |Δθ| ≤ 2e-5, and once more for
 * their bits.
 */
export async function testGpu(gpu: GPUDevice): Promise<DeviceFindings> {
  for (const tile of tileSizes) {
    const failure = await testProduct(gpu, tile)
    if (failure) return { failure, repeats: false }
  }
  let repeats = true
  for (const { name, isFused, activation, dynamics, ...given } of cases) {
    const input = {
      ...given,
      network: { hidden: 13, activation },
      dynamics: { ...dynamics, kind: 'training' as const, steps: 20 },
    }
    const found = await testSteps(name, input, (...run) => webGpuTrainingEvolution(gpu, ...run, () => isFused))
    if (found.failure) return found
    repeats &&= found.repeats
  }
  return { repeats }
}

async function testProduct(gpu: GPUDevice, micro: number): Promise<string | undefined> {
  // Whole tiles of the largest, and what is over, on both sides.
  const [rows, inner, columns] = oddSizes.at(-1)!
  const stream = randomStream(micro, 'firstLayer')
  const draw = (length: number) => Float32Array.from({ length }, () => stream.uniform() - 0.5)
  const [left, right] = [draw(rows * inner), draw(inner * columns)]
  const found = await deviceProduct(gpu, { rows, columns, inner }, micro, left, right)
  const plain = plainBackend('float64')
  const [A, B, C] = [plain.matrix(rows, inner), plain.matrix(inner, columns), plain.matrix(rows, columns)]
  plain.upload(A, left)
  plain.upload(B, right)
  plain.gemm(false, false, 1, A, B, 0, C)
  const name = `the product of ${rows} × ${inner} × ${columns} in tiles of ${16 * micro}`
  return compare(name, found, plain.download(C), 4 * inner * 2 ** -24)
}
