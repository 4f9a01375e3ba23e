import { describe, expect, it } from 'vitest'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { fitShareBoundary, type ShareAt } from '../../../../src/main/lab/maps/shareBoundary.ts'

const cells = 11
const rowOf = (shares: readonly number[], of = 3): ShareAt[] =>
  shares.map((share, at) => ({ at, came: Math.round(share * of), of }))

describe('the boundary of a share', () => {
  // Fixed before anything was simulated: boundaries anywhere within the row, transitions of 0.1 to 2 steps.
  it.each([{ seeds: 3 }, { seeds: 5 }])(
    'lies within its band in 60 to 76 of 100 simulated rows, with $seeds seeds a cell',
    ({ seeds }) => {
      const generator = xoroshiro128plus(seeds)
      const random = () => uniformFloat64(generator)
      let [covered, rows] = [0, 0]
      while (rows < 600) {
        const boundary = 1 + (cells - 3) * random()
        const width = 0.1 * 20 ** random()
        const sign = random() < 0.5 ? 1 : -1
        const row = Array.from({ length: cells }, (_, at): ShareAt => {
          const share = 1 / (1 + Math.exp((-sign * (at - boundary)) / width))
          return { at, came: Array.from({ length: seeds }, random).filter((draw) => draw < share).length, of: seeds }
        })
        const fit = fitShareBoundary(row)
        if (!fit) continue
        rows += 1
        if (fit.from <= boundary && boundary <= fit.to) covered += 1
      }
      expect(covered / rows).toBeGreaterThanOrEqual(0.6)
      expect(covered / rows).toBeLessThanOrEqual(0.76)
    },
  )

  it('of parted seeds lies in the middle of the gap, its band within it', () => {
    const fit = fitShareBoundary(rowOf([0, 0, 0, 0, 1, 1, 1, 1]))!
    expect(fit.middle).toBeCloseTo(3.5, 6)
    expect(fit.from).toBeGreaterThan(3)
    expect(fit.to).toBeLessThan(4)
    expect(fit.to - fit.from).toBeGreaterThan(0.4)
  })

  it('of shares that rise as a logistic curve do is where they cross one half', () => {
    const shares = Array.from({ length: 21 }, (_, at) => 1 / (1 + Math.exp(-(at - 8.3) / 2)))
    const row = shares.map((share, at) => ({ at, came: 1000 * share, of: 1000 }))
    const fit = fitShareBoundary(row)!
    expect(fit.middle).toBeCloseTo(8.3, 1)
    expect(fit.to - fit.from).toBeLessThan(0.2)
  })

  it('is the same for a share that falls, and for places in any order and unit', () => {
    const rising = fitShareBoundary(rowOf([0, 0, 1 / 3, 2 / 3, 1, 1]))!
    const falling = fitShareBoundary(rowOf([1, 1, 2 / 3, 1 / 3, 0, 0].reverse()).reverse())!
    expect(falling).toEqual(rising)
    const stretched = fitShareBoundary(
      rowOf([1, 1, 2 / 3, 1 / 3, 0, 0]).map((each) => ({ ...each, at: 7 * each.at - 2 })),
    )!
    expect(stretched.middle).toBeCloseTo(7 * (5 - rising.middle) - 2, 6)
  })

  it('is narrower with more seeds', () => {
    const width = (of: number) => {
      const { from, to } = fitShareBoundary(rowOf([0, 0, 1 / 3, 2 / 3, 1, 1], of))!
      return to - from
    }
    expect(width(30)).toBeLessThan(width(3) / 2)
  })

  it('is none where nothing came, all came, or the share rises and falls', () => {
    expect(fitShareBoundary(rowOf([0, 0, 0]))).toBeNull()
    expect(fitShareBoundary(rowOf([1, 1, 1]))).toBeNull()
    expect(fitShareBoundary([])).toBeNull()
    expect(fitShareBoundary(rowOf([0, 1]).slice(0, 1))).toBeNull()
    expect(fitShareBoundary(rowOf([0, 0, 0, 1, 1, 1, 0, 0, 0]))).toBeNull()
    expect(fitShareBoundary(rowOf([0, 0, 0, 1, 1, 1, 1, 1, 0], 5))).toBeNull()
  })
})
