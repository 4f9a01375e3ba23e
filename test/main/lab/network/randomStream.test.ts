import { describe, expect, it } from 'vitest'
import { purposes, randomStream, type RandomStream } from '../../../../src/main/lab/network/randomStream.ts'

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
