import type { LossSpec } from '../network/createLoss.ts'
import { normOf } from '../network/matrixLists.ts'
import { createSamples, directionOf, takeSamples } from '../network/network.ts'
import type { Network } from '../network/model.ts'
import { batchSampler, batchSizes, type BatchSpec } from './batches.ts'
import { lossGradient, type StepGradient } from './lossGradient.ts'

/**
 * The gradient of the loss on the batch of a step, by the formulas of `lossGradient`; a mean is over the entries (of the
 * cross-entropy: the samples) of that batch, also where it is smaller than others, and a sum over no more than them.
 */
export function batchGradient(network: Network, loss: LossSpec, batch: BatchSpec, seed: number): StepGradient {
  const { backend, train } = network
  const n = train.Y.rows
  const indices = batchSampler(n, batch, seed)
  const gradient = directionOf(network)
  const parts = new Map(
    batchSizes(n, batch).map((rows) => {
      const samples = createSamples(backend, train, rows)
      return [rows, { samples, field: lossGradient({ ...network, train: samples }, loss, gradient) }]
    }),
  )
  return {
    gradient,
    evaluate(step) {
      const rows = indices(step)
      const { samples, field } = parts.get(rows.length)!
      takeSamples(backend, train, rows, samples)
      return field.evaluate()
    },
    norm: () => normOf(backend, gradient),
  }
}
