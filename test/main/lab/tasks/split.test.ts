import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { modularPairs } from '../../../../src/main/lab/tasks/modular.ts'
import { drawSplit, splitFrom, splitHash, taskSplit } from '../../../../src/main/lab/tasks/split.ts'
import type { ModularTask } from '../../../../src/shared/tasks/modular.ts'
import { additionTask } from '../../../support/modularAddition.ts'

describe('a drawn split', () => {
  it.each([
    [3, 1],
    [15, 12],
    [703, 492],
    [703, 702],
  ])('of %i pairs with %i to train on parts them, each side ascending', (size, trainSize) => {
    for (const seed of [0, 1, 4_294_967_295]) {
      const { train, test } = drawSplit(size, trainSize, seed)
      expect([train.length, test.length]).toEqual([trainSize, size - trainSize])
      expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i))
      expect(train).toEqual(train.toSorted())
      expect(test).toEqual(test.toSorted())
    }
  })

  it('is that of its seed', () => {
    expect(drawSplit(703, 492, 3)).toEqual(drawSplit(703, 492, 3))
    expect(drawSplit(703, 492, 3).train).not.toEqual(drawSplit(703, 492, 4).train)
  })

  it('takes every pair, and every two pairs, equally often over the seeds', () => {
    const [size, trainSize, seeds] = [6, 4, 6000]
    const drawn = Array.from({ length: seeds }, (_, seed) => drawSplit(size, trainSize, seed).train)
    const expectShare = (share: number, expected: number) => {
      expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / seeds))
    }
    for (let i = 0; i < size; i++) {
      expectShare(drawn.filter((train) => train.includes(i)).length / seeds, 4 / 6)
      for (let j = 0; j < i; j++) {
        expectShare(drawn.filter((train) => train.includes(i) && train.includes(j)).length / seeds, (4 * 3) / (6 * 5))
      }
    }
  })
})

it('a given split leaves the rest to test on', () => {
  expect(splitFrom(Int32Array.of(0, 2, 5), 6)).toEqual({
    train: Int32Array.of(0, 2, 5),
    test: Int32Array.of(1, 3, 4),
  })
})

it('a given split is of the data, and refused with an index beyond it', () => {
  for (const index of [6, 66, -1]) {
    const message = `train: the index ${index} is not allowed; the data has 6 samples, 0 to 5`
    expect(() => splitFrom(Int32Array.of(0, index), 6)).toThrow(message)
  }
})

it('a split is known by the SHA-256 of its little-endian indices', () => {
  const bytes = Buffer.from('0000000002000000ff010000', 'hex')
  expect(splitHash(Int32Array.of(0, 2, 511))).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(splitHash(Int32Array.of(0, 2))).not.toBe(splitHash(Int32Array.of(0, 3)))
})

describe('a split of a kind', () => {
  const task = (split: ModularTask['split'], trainFraction = 0.7) => ({ ...additionTask(7), split, trainFraction })
  const pairs = [...modularPairs(additionTask(7))]

  it('holds out as many samples as the share says, and no others than those nearest to its region', () => {
    const distances = {
      block: ([a, b]: readonly [number, number]) => 6 - Math.min(a, b),
      strip: ([a, b]: readonly [number, number]) => Math.min(Math.abs(a - b), 7 - Math.abs(a - b)),
    }
    for (const kind of ['block', 'strip'] as const) {
      const { train, test } = taskSplit(task({ kind }), 0)
      expect([train.length, test.length]).toEqual([20, 8])
      expect([...train, ...test].sort((i, j) => i - j)).toEqual([...pairs.keys()])
      const [farthestHeldOut, nearestTrained] = [
        Math.max(...Array.from(test, (place) => distances[kind](pairs[place]!))),
        Math.min(...Array.from(train, (place) => distances[kind](pairs[place]!))),
      ]
      expect(farthestHeldOut).toBeLessThanOrEqual(nearestTrained)
      expect(taskSplit(task({ kind }), 1)).toEqual({ train, test })
    }
  })

  it('is the list that is given, or that of the seed', () => {
    const given = taskSplit(task({ kind: 'given', train: [5, 0, 3] }, 3 / 28), 9)
    expect([...given.train]).toEqual([0, 3, 5])
    expect(taskSplit(task({ kind: 'random' }), 2)).toEqual(drawSplit(28, 20, 2))
  })
})
