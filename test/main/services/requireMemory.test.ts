import { describe, expect, it } from 'vitest'
import { memoryOf, requireMemory, runsAtOnce } from '../../../src/main/services/requireMemory.ts'
import { limits } from '../../../src/shared/specification/limits.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { modulusLimits } from '../../../src/shared/tasks/modular.ts'

const sized = (hidden: number, seeds = [0]) =>
  parseExperiment({
    name: 'sized',
    task: { kind: 'modularAddition', modulus: modulusLimits.max, trainFraction: 0.7 },
    network: { hidden },
    dynamics: { kind: 'isolated', ridge: 0.1, steps: 10 },
    seeds,
  })
const largest = sized(limits.hidden.max)
const memoryBytes = memoryOf(largest)
const isEnough = (availableBytes: number, specs: ReturnType<typeof sized>[], atOnce: number, active = [] as Active) => {
  try {
    requireMemory(specs, { atOnce, active, availableBytes })
    return true
  } catch {
    return false
  }
}
type Active = { memoryBytes: number; isHeld: boolean }[]

describe('the memory that a run needs', () => {
  it('is had where as much is free as it holds, to the byte', () => {
    expect([isEnough(memoryBytes, [largest], 4), isEnough(memoryBytes - 1, [largest], 4)]).toEqual([true, false])
  })

  it('is refused with both numbers where it is not there', () => {
    const needs = (memoryBytes / 2 ** 30).toFixed(1)
    expect(() => requireMemory([largest], { atOnce: 4, availableBytes: 2 ** 30 })).toThrow(
      expect.objectContaining({
        code: 'OUT_OF_MEMORY',
        message: `a run of this specification holds ${needs}\u2009GiB; this machine has 1.0\u2009GiB free`,
      }),
    )
  })
})

describe('the memory that several runs need', () => {
  const small = sized(64)
  const each = memoryOf(small)

  it('is that of as many as are computed at once, of all experiments the largest', () => {
    const five = sized(64, [0, 1, 2, 3, 4])
    for (const [atOnce, count] of [
      [1, 1],
      [3, 3],
      [9, 5],
    ] as const) {
      expect([isEnough(count * each, [five], atOnce), isEnough(count * each - 1, [five], atOnce)]).toEqual([
        true,
        false,
      ])
    }
    const both = memoryBytes + each
    expect([isEnough(both, [five, largest], 2), isEnough(both - 1, [five, largest], 2)]).toEqual([true, false])
  })

  it('counts those that are active once: what they hold is not free, what they will hold is', () => {
    const held = { memoryBytes: each, isHeld: true }
    const waits = { memoryBytes: each, isHeld: false }
    expect([isEnough(each, [small], 3, [held]), isEnough(each - 1, [small], 3, [held])]).toEqual([true, false])
    expect([isEnough(2 * each, [small], 3, [waits]), isEnough(2 * each - 1, [small], 3, [waits])]).toEqual([
      true,
      false,
    ])
    // One that comes after another takes its place.
    expect(isEnough(0, [small], 1, [held])).toBe(true)
  })

  it('is not asked of runs that add nothing to what was accepted', () => {
    expect(isEnough(0, [small], 1, [{ memoryBytes, isHeld: false }])).toBe(true)
  })

  it('names how many they are', () => {
    const [all, one] = [3 * memoryBytes, memoryBytes].map((bytes) => (bytes / 2 ** 30).toFixed(1))
    expect(() =>
      requireMemory([sized(limits.hidden.max, [0, 1, 2, 3])], { atOnce: 3, availableBytes: 2 ** 30 }),
    ).toThrow(
      `3 runs are computed at once and hold ${all}\u2009GiB, one of these ${one}\u2009GiB; this machine has 1.0\u2009GiB free`,
    )
  })
})

it('as many runs are computed at once as have their threads, and one on a GPU', () => {
  const backends = [
    { kind: 'auto' },
    { kind: 'wasm', threads: 3 },
    { kind: 'blas', threads: 99 },
    { kind: 'tensorflow' },
  ]
  expect(backends.map((backend) => runsAtOnce(8, backend as Parameters<typeof runsAtOnce>[1]))).toEqual([8, 2, 1, 1])
})
