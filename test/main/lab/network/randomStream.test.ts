import { describe, expect, it } from 'vitest'
import { purposes, randomStream, splitMix64, type RandomStream } from '../../../../src/main/lab/network/randomStream.ts'

const count = 10_000
const seeds = [0, 1, 2, 4_294_967_295]
const streams = seeds.flatMap((seed) => purposes.map((purpose) => ({ seed, purpose })))

function draw(seed: number, purpose: (typeof purposes)[number], next: (stream: RandomStream) => number): number[] {
  const stream = randomStream(seed, purpose)
  return Array.from({ length: count }, () => next(stream))
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const moment = (values: readonly number[], order: number) => mean(values.map((value) => value ** order))

/** Five standard deviations of a mean over `count` draws of this variance. */
const tolerance = (variance: number) => 5 * Math.sqrt(variance / count)

describe.each(streams)('the stream of seed $seed for $purpose', ({ seed, purpose }) => {
  it('is the same every time', () => {
    expect(draw(seed, purpose, (stream) => stream.normal())).toEqual(draw(seed, purpose, (stream) => stream.normal()))
  })

  it('is uniform on [0, 1): moments 1/2, 1/3, 1/4, every tenth equally often', () => {
    const values = draw(seed, purpose, (stream) => stream.uniform())
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    for (const order of [1, 2, 3]) {
      const variance = 1 / (2 * order + 1) - 1 / (order + 1) ** 2
      expect(Math.abs(moment(values, order) - 1 / (order + 1))).toBeLessThan(tolerance(variance))
    }
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = mean(values.map((value) => (Math.floor(10 * value) === tenth ? 1 : 0)))
      expect(Math.abs(share - 0.1)).toBeLessThan(tolerance(0.09))
    }
  })

  it('is normal: moments 0, 1, 0, 3 and a twentieth beyond 1.96', () => {
    const values = draw(seed, purpose, (stream) => stream.normal())
    const expected = [0, 1, 0, 3]
    const variances = [1, 2, 15, 96]
    expected.forEach((value, i) => {
      expect(Math.abs(moment(values, i + 1) - value)).toBeLessThan(tolerance(variances[i]!))
    })
    const beyond = mean(values.map((value) => (Math.abs(value) > 1.959964 ? 1 : 0)))
    expect(Math.abs(beyond - 0.05)).toBeLessThan(tolerance(0.0475))
  })

  it('reaches both ends of a range of whole numbers, all equally often', () => {
    const values = draw(seed, purpose, (stream) => stream.integer(3, 8))
    for (let value = 3; value <= 8; value++) {
      const share = mean(values.map((other) => (other === value ? 1 : 0)))
      expect(Math.abs(share - 1 / 6)).toBeLessThan(tolerance(5 / 36))
    }
    expect(new Set(values).size).toBe(6)
  })
})

it('differs between seeds and between purposes, without correlation', () => {
  const drawn = streams.map(({ seed, purpose }) => draw(seed, purpose, (stream) => stream.uniform() - 0.5))
  drawn.forEach((a, i) =>
    drawn.slice(0, i).forEach((b) => {
      const correlation = mean(a.map((value, k) => 12 * value * b[k]!))
      expect(Math.abs(correlation)).toBeLessThan(tolerance(1))
    }),
  )
})

// From `java.util.SplittableRandom(seed).nextLong()`, and from Vigna's splitmix64.c.
it.each([
  [0, [0xe220a8397b1dcdafn, 0x6e789e6aa1b965f4n, 0x06c45d188009454fn]],
  [1234567, [6457827717110365317n, 3203168211198807973n, 9817491932198370423n]],
])('SplitMix64 from %i begins as published', (seed, outputs) => {
  expect(splitMix64(seed, 3)).toEqual(outputs)
})

it.each(purposes)(
  'neighboring seeds begin independently: their first draws for %s are uniform, but not too even',
  (purpose) => {
    const first = Array.from({ length: count }, (_, seed) => randomStream(seed, purpose).uniform())
    const bins = new Float64Array(100)
    for (const value of first) bins[Math.floor(100 * value)]!++
    // χ² of 99 degrees of freedom, five standard deviations to either side; a lattice of seeds gives nearly 0.
    const chiSquared = bins.reduce((sum, found) => sum + (found - count / 100) ** 2 / (count / 100), 0)
    expect(Math.abs(chiSquared - 99)).toBeLessThan(5 * Math.sqrt(2 * 99))
    const correlation = mean(first.slice(1).map((value, seed) => 12 * (value - 0.5) * (first[seed]! - 0.5)))
    expect(Math.abs(correlation)).toBeLessThan(tolerance(1))
  },
)
