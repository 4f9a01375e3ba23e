import type { TrainingSpec } from '../../../shared/experiment.ts'
import { optimizerKinds } from '../../../shared/dynamics/optimizers.ts'
import { plainBackend } from '../backend/plain.ts'
import { oddSizes } from '../backend/selfTest.ts'
import type { TensorFlow } from '../backend/tensorflow.ts'
import { tensorflowTrainingEvolution } from '../evolutions/tensorflowTrainingEvolution.ts'
import { randomStream } from '../network/randomStream.ts'
import { compare, testSteps, type DeviceFindings } from '../testSteps.ts'

/**
 * Tests the device that trains: products in all four transposed forms on odd sizes, |Δ| ≤ 4·k·u for sums of k terms of
 * [−1/2, 1/2) (products in TF32 are off by ten times that and more); twenty steps of each optimizer, one of them with biases, against the float64 trainer, |Δθ| ≤ 2e-5; and the same steps once more, for their bits.
 */
export async function testDevice(tf: TensorFlow): Promise<DeviceFindings> {
  for (const [rows, columns, inner] of oddSizes) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const failure = testProduct(tf, { rows, columns, inner, transposeA, transposeB })
        if (failure) return { failure, repeats: false }
      }
    }
  }
  let repeats = true
  for (const optimizer of optimizerKinds) {
    const found = await testSteps(optimizer, trainingBy(optimizer), (...given) =>
      tensorflowTrainingEvolution(tf, ...given),
    )
    if (found.failure) return found
    repeats &&= found.repeats
  }
  return { repeats }
}

interface Product {
  rows: number
  columns: number
  inner: number
  transposeA: boolean
  transposeB: boolean
}

function testProduct(tf: TensorFlow, { rows, columns, inner, transposeA, transposeB }: Product): string | undefined {
  const plain = plainBackend('float64')
  const stream = randomStream(rows, 'firstLayer')
  const draw = (height: number, width: number) => {
    const matrix = plain.matrix(height, width)
    plain.upload(
      matrix,
      Float32Array.from({ length: height * width }, () => stream.uniform() - 0.5),
    )
    return matrix
  }
  const A = transposeA ? draw(inner, rows) : draw(rows, inner)
  const B = transposeB ? draw(columns, inner) : draw(inner, columns)
  const C = plain.matrix(rows, columns)
  plain.gemm(transposeA, transposeB, 1, A, B, 0, C)
  const found = tf.tidy(() => {
    const [a, b] = [A, B].map((each) => tf.tensor2d(Float32Array.from(plain.download(each)), [each.rows, each.columns]))
    return tf.matMul(a!, b!, transposeA, transposeB).dataSync()
  })
  const name = `the product of ${rows} × ${inner} × ${columns}${transposeA ? ', Aᵀ' : ''}${transposeB ? ', Bᵀ' : ''}`
  return compare(name, found, plain.download(C), 4 * inner * 2 ** -24)
}

function trainingBy(optimizer: TrainingSpec['optimizer']['kind']) {
  return {
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 13, biases: optimizer === 'momentum' },
    dynamics: { kind: 'training', optimizer, learningRate: 5e-3, weightDecay: 0.1, loss: 'crossEntropy', steps: 20 },
  } as const
}
