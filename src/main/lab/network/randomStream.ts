import { randomNormal } from 'd3-random'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** What a run draws at random; each purpose has a stream of its own, so that one more draw in one leaves the others. */
export const purposes = [
  'split',
  'firstLayer',
  'secondLayer',
  'testInputs',
  'batches',
  'inputs',
  'teacher',
  'labelNoise',
  'firstBiases',
  'secondBiases',
] as const

export interface RandomStream {
  /** Uniform on [0, 1). */
  uniform(): number
  /** Normal with mean 0 and standard deviation 1 (polar Box–Muller). */
  normal(): number
  /** Uniform on the whole numbers least … most, both included. */
  integer(min: number, max: number): number
}

/**
 * The stream of a purpose: xoroshiro128+ (Blackman & Vigna 2018, arXiv 1805.01407), its 128 bits of state filled from
 * `seed` by SplitMix64 as its authors advise, then moved ahead by (1 + index of purpose) jumps of 2⁶⁴ draws, so that no
 * two streams of a seed overlap. The same seed gives the same bits on every machine. A purpose that draws again and again
 * (`part` 0, 1, …) takes further outputs of SplitMix64, so that no part needs what was drawn before it.
 */
export function randomStream(seed: number, purpose: (typeof purposes)[number], part = 0): RandomStream {
  const generator = xoroshiro128plusFromState(splitMix64(seed, 2, 2 * part).flatMap(halves))
  for (let jumps = 0; jumps <= purposes.indexOf(purpose); jumps++) generator.jump()
  const uniform = () => uniformFloat64(generator)
  return {
    uniform,
    normal: randomNormal.source(uniform)(),
    integer: (min, max) => uniformInt(generator, min, max),
  }
}

/**
 * `count` 64-bit outputs of SplitMix64 from a state of `seed`, from number `first` on: neighboring seeds, which a linear generator
 * would keep alike for a while, differ in every bit with probability 1/2. Source: Steele, Lea & Flood 2014
 * (doi 10.1145/2660193.2660195), constants of Stafford's variant 13.
 */
export function splitMix64(seed: number, count: number, first = 0): bigint[] {
  const mixed = (value: bigint, shift: bigint, factor: bigint) =>
    BigInt.asUintN(64, (value ^ (value >> shift)) * factor)
  return Array.from({ length: count }, (_, place) => {
    const state = BigInt.asUintN(64, BigInt(seed) + BigInt(first + place + 1) * 0x9e3779b97f4a7c15n)
    const output = mixed(mixed(state, 30n, 0xbf58476d1ce4e5b9n), 27n, 0x94d049bb133111ebn)
    return output ^ (output >> 31n)
  })
}

/** The upper and the lower 32 bits, as signed numbers. */
function halves(value: bigint): [number, number] {
  return [Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value))]
}

/** `count` of the whole numbers 0 … size − 1, each once and in random order: the beginning of a Fisher–Yates shuffle. */
export function drawDistinct(stream: RandomStream, size: number, count: number): Int32Array {
  const order = new Int32Array(size).map((_, i) => i)
  for (let i = 0; i < count; i++) {
    const j = stream.integer(i, size - 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order.slice(0, count)
}
