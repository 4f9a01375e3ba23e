import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import { loadNullDevice, webGpuBackend } from '../../../src/main/lab/backend/webgpu.ts'
import { taskData } from '../../../src/main/lab/tasks/taskData.ts'
import { collectSweep } from '../../../src/main/services/sweeps/collectSweep.ts'
import { computeOnGpu } from '../../../src/main/sweep/computeOnGpu.ts'
import { prepareSweepFolder } from '../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { canonicalSpecification } from '../../../src/shared/specification/canonicalSpecification.ts'
import { facetsOf } from '../../../src/shared/specification/facets.ts'
import { taskSchema, type NetworkTask } from '../../../src/shared/tasks/tasks.ts'
import { temporaryFolder } from '../../support/folders.ts'

vi.mock(import('../../../src/shared/specification/canonicalSpecification.ts'), async (original) => {
  const actual = await original()
  return { ...actual, canonicalSpecification: vi.fn(actual.canonicalSpecification) }
})
vi.mock(import('../../../src/shared/specification/facets.ts'), async (original) => {
  const actual = await original()
  return { ...actual, facetsOf: vi.fn(actual.facetsOf) }
})
// A device that computes nothing passes no test.
vi.mock(import('../../../src/main/lab/webgpu/batch/testBatch.ts'), async (original) => {
  return { ...(await original()), requireTested: () => Promise.resolve() }
})
afterEach(() => void vi.clearAllMocks())

const task = { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 } as const

/** What is done for a sweep of two cells from its plan to an archive, the GPU computing nothing. */
async function work(seeds: number) {
  vi.clearAllMocks()
  const spec = {
    name: 'decays',
    base: {
      task,
      network: { hidden: 8 },
      dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps: 4 },
      precision: 'float32',
      record: { measureEvery: 2 },
    },
    axes: [{ field: 'dynamics.weightDecay', values: [0.1, 0.2] }],
    // The usual seed, 0, has a canonical form of its own.
    seeds: Array.from({ length: seeds }, (_, seed) => 1 + seed),
  }
  const gpu = webGpuBackend(await loadNullDevice(), plainBackend('float32'))
  const folder = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), planSweep(spec), [], gpu.description)
  const { ended } = await computeOnGpu(folder, {
    gpu,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
  gpu.close()
  const { taken } = collectSweep(folder, join(temporaryFolder(), 'a.grokscope'))
  expect([ended, taken]).toEqual([2 * seeds, 2 * seeds])
  return { forms: vi.mocked(canonicalSpecification).mock.calls.length, facets: vi.mocked(facetsOf).mock.calls.length }
}

describe('what a host does for a sweep', () => {
  it('is done once for each cell where the seeds make no difference: canonical forms, facets', async () => {
    const few = await work(2)
    expect(await work(20)).toEqual(few)
    expect(few.forms).toBeLessThanOrEqual(2 * 4)
  })

  it('is done once for all seeds where none of the data is drawn', () => {
    const dataOf = (modulus: number, seed: number) => {
      return taskData(taskSchema.parse({ ...task, modulus }) as NetworkTask, seed)
    }
    const first = dataOf(5, 1)
    expect(dataOf(5, 2)).toBe(first)
    expect([dataOf(7, 1).size, first.size]).toEqual([28, 15])
    expect(dataOf(5, 1)).toEqual(first)
  })
})
