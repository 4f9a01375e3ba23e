import type { InitializationSpec } from '../../../shared/experiment.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import { randomStream, type RandomStream } from './randomStream.ts'

/**
 * Draws E (p × d_h) and W (d_h × o), and biases b (1 × d_h) and c (1 × o) where there are, in place, each from its own
 * stream of `seed`. Dimensionless. SCIENCE.md §2.
 *
 * - `normal`: entries of E with the given standard deviation (p^(−1/2), p^(−1/4) or a number), entries of W with
 *   d_h^(−1/2), both one over the root of the fan-in at the paper's setting; biases are 0.
 * - `uniform`, and the draw that `trained` begins with: both on ±1/√fan_in, PyTorch's default; fan_in is p for E and b, d_h for W and c.
 */
export function drawInitialWeights(
  backend: Backend,
  spec: InitializationSpec,
  seed: number,
  E: Matrix,
  W: Matrix,
  biases?: { b: Matrix; c: Matrix },
): void {
  const streamE = randomStream(seed, 'firstLayer')
  const streamW = randomStream(seed, 'secondLayer')
  const fill = (M: Matrix, stream: RandomStream, draw: (stream: RandomStream) => number) =>
    backend.upload(
      M,
      new Float64Array(M.rows * M.columns).map(() => draw(stream)),
    )
  if (spec.kind === 'normal') {
    const deviation = firstLayerDeviation(spec.standardDeviation, E.rows)
    fill(E, streamE, (stream) => deviation * stream.normal())
    fill(W, streamW, (stream) => stream.normal() / Math.sqrt(W.rows))
  } else {
    fill(E, streamE, (stream) => (2 * stream.uniform() - 1) / Math.sqrt(E.rows))
    fill(W, streamW, (stream) => (2 * stream.uniform() - 1) / Math.sqrt(W.rows))
    if (!biases) return
    fill(biases.b, randomStream(seed, 'firstBiases'), (stream) => (2 * stream.uniform() - 1) / Math.sqrt(E.rows))
    fill(biases.c, randomStream(seed, 'secondBiases'), (stream) => (2 * stream.uniform() - 1) / Math.sqrt(W.rows))
  }
}

function firstLayerDeviation(given: number | 'p^-1/2' | 'p^-1/4', inputs: number): number {
  if (given === 'p^-1/2') return inputs ** -0.5
  if (given === 'p^-1/4') return inputs ** -0.25
  return given
}
