import { describe, expect, it } from 'vitest'
import { requireMemory } from '../../../src/main/services/requireMemory.ts'
import { estimateCost } from '../../../src/shared/estimate.ts'
import { limits, parseExperiment } from '../../../src/shared/experiment.ts'

const largest = parseExperiment({
  name: 'largest',
  task: { kind: 'modularAddition', modulus: limits.modulus.most, trainFraction: 0.7 },
  network: { hidden: limits.hidden.most },
  dynamics: { kind: 'isolated', ridge: 0.1, steps: 10 },
})
const { memoryBytes } = estimateCost(largest, 1)

describe('the memory that a run needs', () => {
  it('is had where as much is free as it holds, to the byte', () => {
    expect(() => requireMemory(largest, memoryBytes)).not.toThrow()
    expect(() => requireMemory(largest, memoryBytes - 1)).toThrow()
  })

  it('is refused with both numbers where it is not there', () => {
    const needs = (memoryBytes / 2 ** 30).toFixed(1)
    expect(() => requireMemory(largest, 2 ** 30)).toThrow(
      expect.objectContaining({
        code: 'OUT_OF_MEMORY',
        message: `a run of this specification holds ${needs} GiB; this machine has 1.0 GiB free`,
      }),
    )
  })
})
