import { describe, expect, it } from 'vitest'
import { gridLoss } from '../../../../src/main/lab/analysis/gridLoss.ts'
import type { OutputGrid } from '../../../../src/main/lab/analysis/outputGrid.ts'
import { restrictedOutputs } from '../../../../src/main/lab/analysis/restrictedOutputs.ts'
import { trainMask } from '../../../../src/main/lab/analysis/predictionGrid.ts'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'
import { largestDifference } from '../../../support/runs.ts'
import { pairsOnGrid } from '../../../../src/main/lab/tasks/modular.ts'
import { additionTask } from '../../../support/modularAddition.ts'

const p = 7
const stream = randomStream(1, 'secondLayer')
const places = pairsOnGrid(additionTask(p))
const grid = (f: (a: number, b: number, o: number) => number): OutputGrid => ({
  modulus: p,
  places,
  classes: Int32Array.from(places, (_, pair) => (Math.floor(pair / p) + (pair % p)) % p),
  isFirst: Uint8Array.from(places, (_, pair) => (Math.floor(pair / p) <= pair % p ? 1 : 0)),
  rows: p * p,
  columns: p,
  data: Float64Array.from({ length: p ** 3 }, (_, i) => f(Math.floor(i / p ** 2), Math.floor(i / p) % p, i % p)),
})
const outputs = grid(() => stream.normal())
const square = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0)

describe('restricted and excluded outputs', () => {
  it('are parts of the whole: restricted + excluded = f + mean', () => {
    const { restricted, excluded } = restrictedOutputs(outputs, [1, 3])
    const none = restrictedOutputs(outputs, []).restricted.data
    const sum = restricted.data.map((value, i) => value + excluded.data[i]! - none[i]!)
    expect(largestDifference(sum, outputs.data)).toBeLessThan(1e-12)
  })

  it('without key frequencies leave the mean and everything', () => {
    const { restricted, excluded } = restrictedOutputs(outputs, [])
    expect(largestDifference(excluded.data, outputs.data)).toBe(0)
    for (let o = 0; o < p; o++) expect(restricted.data[o]).toBeCloseTo(restricted.data[20 * p + o]!, 14)
  })

  it('of a function of a + b with all frequencies are the function and its mean', () => {
    const ofSum = grid((a, b, o) => Math.sin(3 * ((a + b) % p) ** 2 + o))
    const { restricted, excluded } = restrictedOutputs(ofSum, [1, 2, 3])
    expect(largestDifference(restricted.data, ofSum.data)).toBeLessThan(1e-12)
    expect(largestDifference(excluded.data.subarray(0, p), excluded.data.subarray(11 * p, 12 * p))).toBeLessThan(1e-12)
  })

  it('project: a second restriction changes nothing, and the parts are orthogonal (Pythagoras)', () => {
    const { restricted, excluded } = restrictedOutputs(outputs, [2])
    expect(largestDifference(restrictedOutputs(restricted, [2]).restricted.data, restricted.data)).toBeLessThan(1e-12)
    expect(largestDifference(restrictedOutputs(excluded, [2]).excluded.data, excluded.data)).toBeLessThan(1e-12)
    const key = outputs.data.map((value, i) => value - excluded.data[i]!)
    expect(square(key) + square(excluded.data)).toBeCloseTo(square(outputs.data), 8)
  })

  it('see nothing of waves in a − b', () => {
    const ofDifference = grid((a, b, o) => Math.cos((2 * Math.PI * 2 * (a - b + o)) / p))
    const { excluded } = restrictedOutputs(ofDifference, [1, 2, 3])
    expect(largestDifference(excluded.data, ofDifference.data)).toBeLessThan(1e-12)
  })
})

describe('the loss over the grid', () => {
  it('is 0 for the right answer, and counts each unordered pair once', () => {
    const mask = trainMask(outputs, Int32Array.of(0, 1, 7))
    expect([...mask].reduce((sum, value) => sum + value, 0)).toBe(4)
    expect(mask[1]).toBe(1)
    expect(mask[p]).toBe(1)
    expect(mask[p + 1]).toBe(1)
    const right = grid((a, b, o) => (o === (a + b) % p ? 1 : 0))
    expect(gridLoss(right, mask)).toEqual({ train: 0, test: 0 })
    const off = { ...right, data: right.data.slice() }
    off.data[1 * p + 4]! += 2
    expect(gridLoss(off, mask)).toEqual({ train: 4 / (3 * p), test: 0 })
  })
})
