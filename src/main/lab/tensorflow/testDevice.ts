import { LabError } from '../../../shared/errors.ts'
import { optimizerKinds, toRunSpec, type TrainingSpec } from '../../../shared/experiment.ts'
import { parseExperiment } from '../../../shared/parseExperiment.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'
import type { NetworkTask } from '../../../shared/tasks/tasks.ts'
import { plainBackend } from '../backend/plain.ts'
import { oddSizes } from '../backend/selfTest.ts'
import type { Backend } from '../backend/backend.ts'
import type { TensorFlow, TensorFlowBackend } from '../backend/tensorflow.ts'
import { tensorflowTrainingEvolution } from '../evolutions/tensorflowTrainingEvolution.ts'
import { trainingEvolution } from '../evolutions/trainingEvolution.ts'
import type { Evolution } from '../evolutions/evolution.ts'
import { createInterventions } from '../interventions/interventions.ts'
import type { Network } from '../network/model.ts'
import { randomStream } from '../network/randomStream.ts'
import { prepareNetwork } from '../prepareNetwork.ts'

/**
 * A backend whose device has passed its test; where it does not repeat its bits, its description says so. Throws
 * BACKEND_UNAVAILABLE.
 */
export function tested(backend: TensorFlowBackend): TensorFlowBackend {
  const { failure, repeats } = testDevice(backend.tf)
  if (failure) throw new LabError('BACKEND_UNAVAILABLE', `${backend.description} computes wrongly: ${failure}`)
  return repeats ? backend : { ...backend, description: `${backend.description}, whose steps do not repeat their bits` }
}

/** What a device was found to compute. */
export interface DeviceFindings {
  /** What is wrong, with the numbers. */
  readonly failure?: string
  /** Whether the same steps gave the same bits twice. */
  readonly repeats: boolean
}

/**
 * Tests the device that trains: products in all four transposed forms on odd sizes, |Δ| ≤ 4·k·u for sums of k terms of
 * [−1/2, 1/2) (products in TF32 are off by ten times that and more); twenty steps of each optimizer, from a start with
 * moments, against the float64 trainer, |Δθ| ≤ 2e-5; and the same steps once more, for their bits.
 */
export function testDevice(tf: TensorFlow): DeviceFindings {
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
    const found = trained(plainBackend('float32'), optimizer, tf)
    const failure = compare(`20 steps of ${optimizer}`, found, trained(plainBackend('float64'), optimizer), 2e-5)
    if (failure) return { failure, repeats: false }
    const again = trained(plainBackend('float32'), optimizer, tf)
    repeats &&= found.every((value, at) => Object.is(value, again[at]))
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

/** The weights after twenty steps from a drawn start, on the processor or on a device. */
function trained(backend: Backend, optimizer: TrainingSpec['optimizer']['kind'], tf?: TensorFlow): number[] {
  const spec = toRunSpec(
    parseExperiment({
      task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
      network: { hidden: 13 },
      dynamics: { kind: 'training', optimizer, learningRate: 5e-3, weightDecay: 0.1, loss: 'crossEntropy', steps: 20 },
      precision: backend.precision,
    }),
    0,
  )
  const whole = { ...spec, task: spec.task as NetworkTask, dynamics: spec.dynamics as TrainingSpec }
  const { network } = prepareNetwork(whole, backend, undefined, undefined)
  const interventions = createInterventions(whole, network)
  const evolution = tf
    ? tensorflowTrainingEvolution(tf, network, whole, interventions)
    : trainingEvolution(network, whole, interventions)
  try {
    return stepped(evolution, network, 20)
  } finally {
    evolution.end?.()
  }
}

function stepped(evolution: Evolution, { backend, parameters }: Network, steps: number): number[] {
  evolution.begin(0)
  for (let at = 0; at < steps; at++) evolution.advance(at, steps, steps)
  evolution.collect?.()
  return parameters.flatMap(({ matrix }) => [...backend.download(matrix)])
}

function compare(
  name: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  allowed: number,
): string | undefined {
  const errors = Array.from(found, (value, at) => Math.abs(value - expected[at]!))
  const worst = errors.reduce((max, error) => Math.max(max, Number.isNaN(error) ? Infinity : error), 0)
  if (worst <= allowed) return undefined
  return `${name} is off by ${formatNumber(worst, 2)}, allowed ${formatNumber(allowed, 2)}`
}
