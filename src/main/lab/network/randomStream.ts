import { randomNormal } from 'd3-random'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** What a run draws at random; each purpose has a stream of its own, so that one more draw in one leaves the others. */
export const purposes = ['split', 'firstLayer', 'secondLayer', 'testInputs'] as const

export interface RandomStream {
  /** Uniform on [0, 1). */
  uniform(): number
  /** Normal with mean 0 and standard deviation 1 (polar Box–Muller). */
  normal(): number
  /** Uniform on the whole numbers least … most, both included. */
  integer(least: number, most: number): number
}

/**
 * The stream of a purpose: xoroshiro128+ (Blackman & Vigna 2018) from `seed`, moved ahead by (1 + index of purpose)
 * jumps of 2⁶⁴ draws, so that no two streams of a seed overlap. The same seed gives the same bits on every machine.
 */
export function randomStream(seed: number, purpose: (typeof purposes)[number]): RandomStream {
  const generator = xoroshiro128plus(seed)
  for (let jumps = 0; jumps <= purposes.indexOf(purpose); jumps++) generator.jump()
  const uniform = () => uniformFloat64(generator)
  return {
    uniform,
    normal: randomNormal.source(uniform)(),
    integer: (least, most) => uniformInt(generator, least, most),
  }
}
