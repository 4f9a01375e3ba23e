import { afterEach, describe, expect, it, vi } from 'vitest'
import { createGpuRuns } from '../../../src/main/engine/worker/gpuRuns.ts'
import type { FromWorker } from '../../../src/main/engine/messages.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { runSpec } from '../../support/runs.ts'
import { software } from '../../support/softwareGpu.ts'

const runOf = (steps: number, hidden = 8) => ({
  key: `${hidden} ${steps}`,
  spec: runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps },
    precision: 'float32',
    record: { measureEvery: 10 },
  }),
})

afterEach(() => void vi.restoreAllMocks())

/** What it tells. */
function start() {
  const ended: RunEvent[][] = []
  const others: FromWorker[] = []
  const runs = createGpuRuns((message) => {
    if (message.type === 'gpuEnded') ended.push(...message.runs)
    else others.push(message)
    return Promise.resolve()
  })
  const keys = () => ended.map(([event]) => event!.runId).sort()
  const until = (count: number) => expect.poll(() => ended).toHaveLength(count)
  return { runs, ended, others, keys, until }
}

describe.skipIf(!software.gpu)(`runs that are wanted of a GPU: ${software.name}`, () => {
  it('go on where others have ended, and are left where one of their batch is not wanted any more', async () => {
    const { runs, ended, others, keys, until } = start()
    const [brief, longer, endless] = [runOf(10), runOf(3000), runOf(1_000_000)]
    await runs.admit([brief.spec])
    const allocated = vi.spyOn(GPUDevice.prototype, 'createBuffer')
    runs.want({ runs: [brief, longer], heard: 0 })
    await until(1)
    const before = allocated.mock.calls.length
    runs.want({ runs: [longer], heard: 1 })
    await until(2)
    expect(keys()).toEqual([brief.key, longer.key].sort())
    // In one batch.
    expect(allocated.mock.calls.length).toBe(before)
    // A host that has not heard of their ends.
    runs.want({ runs: [longer, endless, runOf(20, 12)], heard: 1 })
    runs.want({ runs: [longer, runOf(20, 12)], heard: 1 })
    await until(3)
    expect(ended.at(-1)!.at(-1)).toMatchObject({ runId: '12 20', type: 'settled', status: 'finished', step: 20 })
    expect(others).toEqual([])
  })

  it('are each told of once, to their end, in the order of the batches by shape', async () => {
    const { runs, ended, keys, until } = start()
    const wanted = [runOf(20, 12), runOf(20), runOf(30, 12)]
    runs.want({ runs: wanted, heard: 0 })
    await until(3)
    expect(keys()).toEqual(wanted.map(({ key }) => key).sort())
    expect(ended.at(-1)![0]!.runId).toBe('8 20')
    for (const events of ended) {
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, sequence) => sequence))
      expect([events[0]!.type, events.at(-1)!.type]).toEqual(['started', 'settled'])
    }
  })
})
