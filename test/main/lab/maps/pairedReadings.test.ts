import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparePairs, medianEffect, type PairedReading } from '../../../../src/main/lab/maps/pairedReadings.ts'

const at = (value: number) => ({ value, isBeyond: false })
const beyond = (value: number) => ({ value, isBeyond: true })
const ratios = (...values: number[]) => values.map((value): PairedReading => [at(100), at(100 * value)])
const time = { scale: 'log', isTime: true } as const
const amount = { scale: 'linear', isTime: false } as const

const reading = fc.oneof(
  fc.integer({ min: 1, max: 20 }).map(at),
  fc.constant(beyond(20)),
  fc.constant(beyond(Infinity)),
  fc.constant(null),
)
const readings = fc.array(fc.tuple(reading, reading), { maxLength: 40 })

describe('readings compared by pairs', () => {
  it('have a median ratio, or a median difference where the scale is linear', () => {
    expect(comparePairs(ratios(2, 4, 0.5), time)).toMatchObject({ pairs: 3, effect: 'ratio', median: 2 })
    const differences: PairedReading[] = [
      [at(1), at(3)],
      [at(5), at(4)],
    ]
    expect(comparePairs(differences, amount)).toMatchObject({ effect: 'difference', median: 0.5 })
  })

  it('have a difference where a time is not above 0, as a delay where the test set was learned first', () => {
    const delays = (...pairs: [number, number][]) => pairs.map(([a, b]): PairedReading => [at(a), at(b)])
    for (const [pairs, median] of [
      [delays([-40, -80]), -40],
      [delays([0, 40]), 40],
      [delays([40, 0]), -40],
      [delays([-40, 100]), 140],
      [delays([100, 200], [100, 400], [0, 30]), 100],
    ] as const) {
      expect(comparePairs(pairs, time)).toMatchObject({ effect: 'difference', median, pairs: pairs.length })
    }
    // A loss of 0 is as much smaller as can be said.
    expect(comparePairs(delays([1, 0], [1, 2], [1, 4]), { ...time, isTime: false })).toMatchObject({ effect: 'ratio' })
  })

  it('say nothing of a pair in which one was not given as long as the other took', () => {
    const pair: PairedReading = [beyond(1), at(3)]
    const found = comparePairs([pair, [at(2), beyond(20)]], time)
    expect(found).toMatchObject({ pairs: 2, came: { both: 0, first: 1, second: 1, neither: 0 }, cameProbability: 1 })
    expect(found.median).toBe(Infinity)
    expect(medianEffect([pair], true)).toBeNaN()
    expect(comparePairs(Array(12).fill(pair), time).cameProbability).toBe(1)
    expect(comparePairs(Array(12).fill([beyond(3), at(3)]), time).cameProbability).toBeLessThan(0.001)
  })

  it('have the interval of the sign test, whose ranks are those of tables', () => {
    // Ranks of the 95 % interval of a median: Conover 1999, table A3 at p = ½.
    for (const [count, rank] of [
      [6, 1],
      [8, 1],
      [9, 2],
      [12, 3],
      [15, 4],
      [20, 6],
      [25, 8],
    ] as const) {
      const found = comparePairs(ratios(...Array.from({ length: count }, (_, place) => 2 ** place)), time)
      expect([count, Math.log2(found.low), Math.log2(found.high)].map(Math.round)).toEqual([
        count,
        rank - 1,
        count - rank,
      ])
    }
    expect(comparePairs(ratios(1, 2, 3, 4, 5), time)).toMatchObject({ low: NaN, high: NaN })
  })

  it('covers the median of 100 000 pairs as the normal approximation has it', () => {
    const count = 100_000
    const { low, high } = comparePairs(
      ratios(...Array.from({ length: count }, (_, place) => Math.exp(place / count))),
      time,
    )
    const half = (1.96 * Math.sqrt(count)) / 2 / count
    expect(Math.abs(Math.log(low) - (0.5 - half))).toBeLessThan(3 / count)
    expect(Math.abs(Math.log(high) - (0.5 + half))).toBeLessThan(3 / count)
  })

  it('tests by signs in which of both alone a time came', () => {
    const pairs = (first: number, second: number): PairedReading[] => [
      ...Array.from({ length: first }, (): PairedReading => [at(5), beyond(20)]),
      ...Array.from({ length: second }, (): PairedReading => [beyond(20), at(5)]),
    ]
    expect(comparePairs(pairs(0, 6), time).cameProbability).toBeCloseTo(2 / 64, 12)
    expect(comparePairs(pairs(2, 8), time).cameProbability).toBeCloseTo((2 * (1 + 10 + 45)) / 1024, 12)
    expect(comparePairs(pairs(4, 4), time).cameProbability).toBe(1)
    expect(comparePairs([], time).cameProbability).toBe(1)
  })

  it('keeps the rank of a pair of which one reading lies beyond its bound', () => {
    const some: PairedReading[] = [...ratios(1, 2), [at(5), beyond(20)]]
    expect(comparePairs(some, time)).toMatchObject({ median: 2, came: { both: 2, first: 1, second: 0, neither: 0 } })
    expect(comparePairs([...some, [at(5), beyond(20)], [at(5), beyond(9)]], time).median).toBe(Infinity)
    expect(comparePairs([[beyond(20), at(5)]], time).median).toBe(0)
  })

  it('turns round where both sides change places', () => {
    fc.assert(
      fc.property(readings, (pairs) => {
        const there = comparePairs(pairs, time)
        const back = comparePairs(
          pairs.map(([first, second]) => [second, first] as const),
          time,
        )
        expect([back.pairs, back.equal]).toEqual([there.pairs, there.equal])
        expect(back.came).toEqual({ ...there.came, first: there.came.second, second: there.came.first })
        expect(back.cameProbability).toBe(there.cameProbability)
        for (const [one, other] of [
          [back.median, there.median],
          [back.low, there.high],
          [back.high, there.low],
        ] as const) {
          if (Number.isNaN(other)) expect(one).toBeNaN()
          else if (other === 0 || other === Infinity) expect(one).toBe(1 / other)
          else expect(one).toBeCloseTo(1 / other, 10)
        }
      }),
    )
  })

  it('finds a run the same as itself', () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (own) => {
        const known = own.filter((each) => each !== null)
        const found = comparePairs(
          own.map((each) => [each, each] as const),
          time,
        )
        expect(found).toMatchObject({ pairs: known.length, equal: known.length, cameProbability: 1 })
        expect(
          medianEffect(
            known.map((each) => [each, each] as const),
            true,
          ),
        ).toBe(known.some(({ isBeyond }) => !isBeyond) ? 0 : NaN)
      }),
    )
  })
})
