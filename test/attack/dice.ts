import { crc32 } from 'node:zlib'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** The draws of one case; every case has its own, so that it can be repeated without those before it. */
export interface Dice {
  /** A whole number from `least` to `most`, both included. */
  integer(min: number, max: number): number
  /** Whether something happens that happens with this probability. */
  chance(probability: number): boolean
  pick<Value>(values: readonly Value[]): Value
  bytes(length: number): Buffer
  uniform(): number
}

export function dice(seed: number, part: string, number: number): Dice {
  const generator = xoroshiro128plus(crc32(`${seed} ${part} ${number}`))
  const integer = (min: number, max: number) => uniformInt(generator, min, max)
  const uniform = () => uniformFloat64(generator)
  return {
    integer,
    uniform,
    chance: (probability) => uniform() < probability,
    pick: (values) => values[integer(0, values.length - 1)]!,
    bytes: (length) => Buffer.from(Array.from({ length }, () => integer(0, 255))),
  }
}
