import type { TrainingSpec } from '../../../shared/experiment.ts'
import { drawDistinct, randomStream } from '../network/randomStream.ts'

export type BatchSpec = NonNullable<TrainingSpec['batch']>

/**
 * Which of n training samples each step of a training is taken on, as indices from 0 to n − 1. Without replacement each
 * epoch of ⌈n/b⌉ steps is a permutation of all samples (Fisher–Yates), cut into batches of b; the last has what is left,
 * as PyTorch's `DataLoader` with `shuffle=True, drop_last=False`. With replacement every step is b independent draws. The
 * draws of each epoch (of each step) are a stream of their own, so that any step's batch follows from the seed alone.
 */
export function batchSampler(n: number, { size, sampling }: BatchSpec, seed: number): (step: number) => Int32Array {
  const isReplacing = sampling === 'withReplacement'
  const perEpoch = isReplacing ? 1 : Math.ceil(n / size)
  let epoch = -1
  let order: Int32Array

  function draw(): Int32Array {
    const stream = randomStream(seed, 'batches', epoch)
    if (isReplacing) return Int32Array.from({ length: size }, () => stream.integer(0, n - 1))
    return drawDistinct(stream, n, n)
  }

  return (step) => {
    if (epoch !== Math.floor(step / perEpoch)) {
      epoch = Math.floor(step / perEpoch)
      order = draw()
    }
    const first = (step % perEpoch) * size
    return order.subarray(first, first + size)
  }
}

/** The batches of the steps from one to before another, a row of b each: −1 where a batch is shorter. */
export function batchTable(n: number, batch: BatchSpec, seed: number, from: number, to: number): Int32Array {
  const batchOf = batchSampler(n, batch, seed)
  const table = new Int32Array((to - from) * batch.size).fill(-1)
  for (let step = from; step < to; step++) table.set(batchOf(step), (step - from) * batch.size)
  return table
}

/** The sizes that batches have: b, and what is left of n for the last of an epoch. */
export function batchSizes(n: number, { size, sampling }: BatchSpec): number[] {
  const last = sampling === 'withReplacement' ? 0 : n % size
  return [...new Set([size, last])].filter((rows) => rows > 0 && (rows <= n || sampling === 'withReplacement'))
}
