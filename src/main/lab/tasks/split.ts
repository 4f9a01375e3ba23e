import { createHash } from 'node:crypto'
import { LabError } from '../../../shared/errors.ts'
import type { Dataset } from '../../../shared/tasks/dataset.ts'
import type { NetworkTask } from '../../../shared/tasks/tasks.ts'
import { taskSizes } from '../../../shared/tasks/tasks.ts'
import { drawDistinct, randomStream } from '../network/randomStream.ts'
import { datasetTrain } from './dataset.ts'
import { modularPairs } from './modular.ts'
import type { Split } from './task.ts'

/**
 * The split of a task's data D:
 *
 * - `random`: n samples drawn uniformly by the seed;
 * - `given`: those that are listed;
 * - `file`: those that its file of data names;
 * - `block`: all pairs but those nearest to the corner (p − 1, p − 1) of the grid, by their smaller token;
 * - `strip`: all but those nearest to its diagonal, by the distance of a and b around the circle of tokens.
 *
 * Of a block or a strip exactly |D| − n pairs are held out, the last ones of equal distance in the order of D.
 */
export function taskSplit(task: NetworkTask, seed: number, dataset?: Dataset): Split {
  const { total, train } = taskSizes(task)
  const { split } = task
  switch (split.kind) {
    case 'random':
      return drawSplit(total, train, seed)
    case 'given':
      return splitFrom(Int32Array.from(split.train).sort(), total)
    case 'file':
      return splitFrom(datasetTrain(dataset), total)
    case 'block':
    case 'strip': {
      if (!('modulus' in task)) throw new RangeError(`a ${split.kind} is held out of a grid`)
      const { modulus: p } = task
      const distances = Float64Array.from(modularPairs(task), ([a, b]) =>
        split.kind === 'block' ? p - 1 - Math.min(a, b) : Math.min(Math.abs(a - b), p - Math.abs(a - b)),
      )
      const farthestFirst = [...distances.keys()].sort((i, j) => distances[j]! - distances[i]! || i - j)
      return splitFrom(Int32Array.from(farthestFirst.slice(0, train)).sort(), total)
    }
  }
}

/** A split of `size` samples drawn uniformly at random. */
export function drawSplit(size: number, trainSize: number, seed: number): Split {
  return splitFrom(drawDistinct(randomStream(seed, 'split'), size, trainSize).sort(), size)
}

/** The split whose training set is given: ascending indices into D, each once. Throws INVALID_SPECIFICATION for one beyond D. */
export function splitFrom(train: Int32Array, size: number): Split {
  const beyond = train.find((index) => index < 0 || index >= size)
  if (beyond !== undefined) {
    const message = `train: the index ${beyond} is not allowed; the data has ${size} samples, 0 to ${size - 1}`
    throw new LabError('INVALID_SPECIFICATION', message)
  }
  const isTrain = new Uint8Array(size)
  for (const i of train) isTrain[i] = 1
  const test = new Int32Array(size).map((_, i) => i).filter((i) => isTrain[i] === 0)
  return { train, test }
}

/** SHA-256 (hexadecimal) of the training indices as little-endian int32: equal hashes mean equal data. */
export function splitHash(train: Int32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * train.length))
  train.forEach((index, i) => bytes.setInt32(4 * i, index, true))
  return createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex')
}
