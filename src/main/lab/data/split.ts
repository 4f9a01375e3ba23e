import { createHash } from 'node:crypto'
import { randomStream } from '../network/randomStream.ts'
import type { Split } from '../network/task.ts'

/** A split of `size` pairs drawn uniformly at random: the first `trainSize` of a Fisher–Yates shuffle are the training set. */
export function drawSplit(size: number, trainSize: number, seed: number): Split {
  const stream = randomStream(seed, 'split')
  const order = Int32Array.from({ length: size }, (_, i) => i)
  for (let i = 0; i < trainSize; i++) {
    const j = stream.integer(i, size - 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return splitFrom(order.slice(0, trainSize).sort(), size)
}

/** The split whose training set is given: ascending indices into D, each once. */
export function splitFrom(train: Int32Array, size: number): Split {
  const isTrain = new Uint8Array(size)
  for (const i of train) isTrain[i] = 1
  const test = Int32Array.from({ length: size }, (_, i) => i).filter((i) => isTrain[i] === 0)
  return { train, test }
}

/** SHA-256 (hexadecimal) of the training indices as little-endian int32: equal hashes mean equal data. */
export function splitHash(train: Int32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * train.length))
  train.forEach((index, i) => bytes.setInt32(4 * i, index, true))
  return createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex')
}
