import { describe, expect, it } from 'vitest'
import { fourierFeatures } from '../../../../src/main/lab/analysis/fourierFeatures.ts'
import { keepFrequencies, removeFrequencies } from '../../../../src/main/lab/interventions/frequencyFilter.ts'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'
import { largestDifference } from '../../../support/runs.ts'

function randomLayer(modulus: number) {
  const stream = randomStream(5, 'firstLayer')
  const columns = 4
  return { rows: modulus, columns, data: Float64Array.from({ length: modulus * columns }, () => stream.normal()) }
}

const copy = (E: ReturnType<typeof randomLayer>) => ({ ...E, data: E.data.slice() })

function meanRow({ rows, columns, data }: ReturnType<typeof randomLayer>): number[] {
  return Array.from(
    { length: columns },
    (_, u) => data.reduce((s, v, at) => s + (at % columns === u ? v : 0), 0) / rows,
  )
}

describe('frequency filters of the first layer', () => {
  it('keeping k leaves power at k alone, with its features and the mean as they were', () => {
    const E = randomLayer(13)
    const kept = copy(E)
    keepFrequencies(kept, allRows(kept), [4])
    const before = fourierFeatures(E)
    const after = fourierFeatures(kept)
    after.norms.forEach((norm, i) => {
      if (i % 6 === 3) expect(norm).toBeCloseTo(before.norms[i]!, 13)
      else expect(norm).toBeLessThan(1e-14)
    })
    expect(largestDifference(meanRow(kept), meanRow(E))).toBeLessThan(1e-14)
  })

  it('removing k leaves no power at k and all else as it was', () => {
    const E = randomLayer(13)
    const rest = copy(E)
    removeFrequencies(rest, allRows(rest), [2, 5, 2])
    const before = fourierFeatures(E)
    fourierFeatures(rest).norms.forEach((norm, i) => {
      expect(norm).toBeCloseTo(i % 6 === 1 || i % 6 === 4 ? 0 : before.norms[i]!, 13)
    })
    expect(largestDifference(meanRow(rest), meanRow(E))).toBeLessThan(1e-14)
  })

  it('keeping and removing the same frequencies split E into two parts that share only the mean', () => {
    const E = randomLayer(11)
    const kept = copy(E)
    const rest = copy(E)
    keepFrequencies(kept, allRows(kept), [1, 3])
    removeFrequencies(rest, allRows(rest), [1, 3])
    const mean = meanRow(E)
    const sum = kept.data.map((value, at) => value + rest.data[at]! - mean[at % E.columns]!)
    expect(largestDifference(sum, E.data)).toBeLessThan(1e-14)
  })

  it.each([2, 6, 7, 12])('each is its own repetition, and keeping all frequencies changes nothing (p = %i)', (p) => {
    const frequencies = Array.from({ length: Math.floor(p / 2) }, (_, k) => k + 1)
    for (const filter of [keepFrequencies, removeFrequencies]) {
      for (const k of frequencies) {
        const once = randomLayer(p)
        filter(once, allRows(once), [k])
        const twice = copy(once)
        filter(twice, allRows(twice), [k])
        expect(largestDifference(once.data, twice.data)).toBeLessThan(1e-14)
      }
    }
    const all = randomLayer(p)
    keepFrequencies(all, allRows(all), frequencies)
    expect(largestDifference(all.data, randomLayer(p).data)).toBeLessThan(1e-14)
  })

  it('of an even modulus, k = p/2 is the alternating part', () => {
    const alternating = { rows: 6, columns: 1, data: Float64Array.from({ length: 6 }, (_, j) => (-1) ** j) }
    const after = (filter: typeof keepFrequencies, frequencies: number[]) => {
      const E = copy(alternating)
      filter(E, allRows(E), frequencies)
      return E.data
    }
    const nothing = new Float64Array(6)
    expect(largestDifference(after(keepFrequencies, [1, 2]), nothing)).toBeLessThan(1e-15)
    expect(largestDifference(after(removeFrequencies, [1, 2]), alternating.data)).toBeLessThan(1e-15)
    expect(largestDifference(after(keepFrequencies, [3]), alternating.data)).toBeLessThan(1e-15)
    expect(largestDifference(after(removeFrequencies, [3]), nothing)).toBeLessThan(1e-15)
  })
})

/** One cycle of all rows. */
function allRows({ rows }: { rows: number }): number[][] {
  return [Array.from({ length: rows }, (_, row) => row)]
}
