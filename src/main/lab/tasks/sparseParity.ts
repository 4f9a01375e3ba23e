import type { SparseParityTask } from '../../../shared/tasks/sparseParity.ts'
import { randomStream } from '../network/randomStream.ts'
import type { TaskData } from './task.ts'

/**
 * Distinct inputs x ∈ {−1, 1}ⁿ drawn uniformly by the seed, of class 0 where Π_{j<k} x_j = 1 and 1 where it is −1:
 * X (samples × n) in the order of their drawing. Barak et al. 2022 (arXiv 2207.08799), Sec. 2. SCIENCE.md §2.
 */
export function sparseParityData(
  { bits, parityBits, samples }: Pick<SparseParityTask, 'bits' | 'parityBits' | 'samples'>,
  seed: number,
): TaskData {
  const stream = randomStream(seed, 'inputs')
  const values = new Float64Array(samples * bits)
  const classes = new Int32Array(samples)
  const drawn = new Set<string>()
  while (drawn.size < samples) {
    const signs = Array.from({ length: bits }, () => 2 * stream.integer(0, 1) - 1)
    const key = signs.map((sign) => (sign > 0 ? '1' : '0')).join('')
    if (drawn.has(key)) continue
    values.set(signs, drawn.size * bits)
    classes[drawn.size] = signs.slice(0, parityBits).reduce((product, sign) => product * sign, 1) > 0 ? 0 : 1
    drawn.add(key)
  }
  return {
    size: samples,
    inputs: bits,
    outputs: 2,
    X: { kind: 'dense', values },
    targets: { kind: 'classes', classes },
  }
}
