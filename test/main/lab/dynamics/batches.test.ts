import fc from 'fast-check'
import { entriesOf } from '../../../support/entries.ts'
import { describe, expect, it } from 'vitest'
import { batchGradient } from '../../../../src/main/lab/dynamics/batchGradient.ts'
import { batchSampler, batchSizes, batchTable } from '../../../../src/main/lab/dynamics/batches.ts'
import { lossGradient } from '../../../../src/main/lab/dynamics/lossGradient.ts'
import { losses } from '../../../../src/shared/dynamics/losses.ts'
import { largestDifference } from '../../../support/runs.ts'
import { smallNetwork } from '../../../support/smallNetwork.ts'

const n = 11
const epochs = { size: 4, sampling: 'withoutReplacement' } as const
const draws = { size: 4, sampling: 'withReplacement' } as const
const ascending = (values: Iterable<number>) => [...values].sort((a, b) => a - b)
const all = Array.from({ length: n }, (_, i) => i)

describe('batches', () => {
  it('without replacement cut each epoch’s permutation of all samples, the last batch smaller', () => {
    const batchOf = batchSampler(n, epochs, 3)
    const orders = [0, 1, 2].map((epoch) => [0, 1, 2].map((k) => [...batchOf(3 * epoch + k)]))
    for (const batches of orders) {
      expect(batches.map(({ length }) => length)).toEqual([4, 4, 3])
      expect(ascending(batches.flat())).toEqual(all)
    }
    expect(new Set(orders.map((batches) => batches.flat().join())).size).toBe(3)
  })

  it('have the sizes that are said of them, and no others', () => {
    const sampling = fc.constantFrom('withoutReplacement' as const, 'withReplacement' as const)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 15 }), sampling, (n, size, sampling) => {
        const batchOf = batchSampler(n, { size, sampling }, 0)
        const found = Array.from({ length: n + 1 }, (_, step) => batchOf(step).length)
        expect(ascending(batchSizes(n, { size, sampling }))).toEqual(ascending(new Set(found)))
      }),
    )
  })

  it('come in every order equally often', () => {
    const counts = new Map<string, number>()
    const batchOf = batchSampler(3, { size: 3, sampling: 'withoutReplacement' }, 0)
    for (let step = 0; step < 6000; step++) {
      const order = batchOf(step).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // Five standard deviations of a count.
    for (const count of counts.values())
      expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(6000 * (1 / 6) * (5 / 6)))
  })

  it('with replacement are so many draws of all samples, equally often', () => {
    const batchOf = batchSampler(n, draws, 0)
    const drawn = Array.from({ length: 5000 }, (_, step) => [...batchOf(step)])
    expect(drawn.every(({ length }) => length === 4)).toBe(true)
    expect(drawn.some((batch) => new Set(batch).size < 4)).toBe(true)
    for (const sample of all) {
      const count = drawn.flat().filter((each) => each === sample).length
      expect(Math.abs(count - 20_000 / n)).toBeLessThan(5 * Math.sqrt((20_000 / n) * (1 - 1 / n)))
    }
  })

  it.each([epochs, draws])('follow from the seed and the step alone ($sampling)', (batch) => {
    const inOrder = batchSampler(n, batch, 5)
    const table = Array.from({ length: 20 }, (_, step) => [...inOrder(step)])
    for (const step of [17, 2, 19, 0, 4]) expect([...batchSampler(n, batch, 5)(step)]).toEqual(table[step])
    const others = batchSampler(n, batch, 6)
    expect(Array.from({ length: 20 }, (_, step) => [...others(step)])).not.toEqual(table)
  })

  it('as a table have a row for each step, −1 where a batch is shorter', () => {
    const batchOf = batchSampler(n, epochs, 1)
    const rows = [2, 3].map((step) => [...batchOf(step), -1].slice(0, 4))
    expect(rows[0]![3]).toBe(-1)
    expect([...batchTable(n, epochs, 1, 2, 4)]).toEqual(rows.flat())
  })
})

describe('the gradient of a batch', () => {
  it.each(losses.flatMap((loss) => [epochs, draws].map((batch) => ({ loss, ...batch }))))(
    'agrees with central differences of its loss ($loss, $sampling)',
    ({ loss, ...batch }) => {
      const network = smallNetwork('tanh')
      const field = batchGradient(network, { loss, reduction: 'mean' }, { ...batch, size: 5 }, 0)
      const h = 1e-5
      for (const step of [0, 2, 4]) {
        field.evaluate(step)
        const claimed = field.gradient.map((M) => entriesOf(M).slice())
        ;[network.E, network.W].forEach((M, layer) => {
          const data = entriesOf(M)
          data.forEach((value, at) => {
            data[at] = value + h
            const ahead = field.evaluate(step)
            data[at] = value - h
            const behind = field.evaluate(step)
            data[at] = value
            expect(Math.abs((ahead - behind) / (2 * h) - claimed[layer]![at]!)).toBeLessThan(1e-9)
          })
        })
      }
    },
  )

  it('sums over an epoch to that of all samples', () => {
    const network = smallNetwork('relu')
    const loss = { loss: 'crossEntropy', reduction: 'sum' } as const
    const batch = batchGradient(network, loss, { size: 5, sampling: 'withoutReplacement' }, 0)
    const whole = lossGradient(network, loss)
    const sums = batch.gradient.map((M) => new Float64Array(M.rows * M.columns))
    let value = 0
    for (const step of [0, 1, 2]) {
      value += batch.evaluate(step)
      batch.gradient.forEach((M, layer) => entriesOf(M).forEach((each, at) => (sums[layer]![at]! += each)))
    }
    expect(value).toBeCloseTo(whole.evaluate(), 12)
    whole.gradient.forEach((M, layer) => expect(largestDifference(entriesOf(M), sums[layer]!)).toBeLessThan(1e-12))
  })
})
