import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSweepFolder, prepareSweepFolder } from '../../../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../../../src/main/sweep/sweepPlan.ts'
import { openBatchGpu } from '../../../../../src/main/lab/webgpu/batch/openBatchGpu.ts'
import { readSweepRuns } from '../../../../../src/main/sweep/sweepRuns.ts'
import { computeOnGpu } from '../../../../../src/main/sweep/computeOnGpu.ts'
import { temporaryFolder } from '../../../../support/folders.ts'
import { startLaboratory } from '../../../../support/liveLaboratory.ts'
import { software } from '../../../../support/softwareGpu.ts'

const [decay, fraction] = ['dynamics.weightDecay', 'task.trainFraction']
const sweep = {
  name: 'On a GPU',
  base: {
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.8 },
    network: { hidden: 32 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, steps: 40 },
    precision: 'float32',
    record: { measureEvery: 10 },
  },
  axes: [
    { field: fraction, values: [0.5, 0.8] },
    { field: decay, values: [0.1, 1, 10] },
  ],
  seeds: 2,
  map: { x: decay, y: fraction, color: 'generalizedStep' },
}
const onGpu = { leastSeeds: 2, on: 'gpu' as const }

describe.skipIf(!software.gpu)(`a live map on a GPU: ${software.name}`, () => {
  it('has the runs of a sweep on that GPU to the bit, and is kept as one without being computed again', async () => {
    const folder = temporaryFolder()
    const { ask, follow } = startLaboratory(folder)
    expect(await ask('liveMap.begin', { liveMap: 'page 1', spec: sweep, ...onGpu })).toEqual({ problems: [] })
    const { runs, reading } = await follow('page 1')
    expect(reading).toMatchObject({ wanted: 12, ended: 12, failed: 0 })
    const [first] = runs.keys()
    const [curves] = await ask('liveMap.curves', {
      liveMap: 'page 1',
      runIds: [first!],
      measurements: ['testAccuracy'],
    })
    expect([...curves!.curves.testAccuracy!.step]).toEqual([0, 10, 20, 30, 40])

    const { sweep: kept, taken } = await ask('liveMap.keep', { liveMap: 'page 1' })
    expect([taken, kept.finished, kept.collected]).toEqual([12, 12, 12])
    const stored = openSweepFolder(kept.path)
    expect(stored.gpu).toBe(reading.gpu)
    expect(readdirSync(join(kept.path, 'journals'))).toHaveLength(12)

    const gpu = await openBatchGpu()
    expect(gpu.description).toBe(reading.gpu)
    const computed = await prepareSweepFolder(join(temporaryFolder(), 's'), planSweep(sweep), [], gpu.description)
    const goOn = (of: typeof computed) =>
      computeOnGpu(of, { gpu, signal: new AbortController().signal, onProgress: () => undefined })
    expect((await goOn(computed)).ended).toBe(12)
    expect((await goOn(stored)).ended).toBe(0)
    gpu.close()
    const told = (of: typeof computed) => readSweepRuns(of).map((run) => ({ ...run, seconds: 0, createdAt: 0 }))
    expect(told(stored)).toEqual(told(computed))
  })

  it('leaves a batch at its next dispatch where another plane takes its place, and keeps apart what the processor computes', async () => {
    const { ask, follow } = startLaboratory(temporaryFolder())
    const { base } = sweep
    const long = { ...sweep, base: { ...base, dynamics: { ...base.dynamics, steps: 1_000_000 } } }
    await ask('liveMap.begin', { liveMap: 'page 1', spec: long, ...onGpu })
    await ask('liveMap.begin', { liveMap: 'page 2', replaces: 'page 1', spec: sweep, ...onGpu })
    const first = await follow('page 2')
    expect(first.reading.ended).toBe(12)
    // The same keys, with bits of their own.
    await ask('liveMap.begin', { liveMap: 'page 3', replaces: 'page 2', spec: sweep, leastSeeds: 2 })
    const second = await follow('page 3')
    expect(second.reading).toMatchObject({ ended: 12, gpu: null })
    expect([...second.runs.keys()]).toEqual([...first.runs.keys()])
    expect([...second.runs.values()].map(({ latest }) => latest)).not.toEqual(
      [...first.runs.values()].map(({ latest }) => latest),
    )
  })

  it('says at the field what it does not compute, and lets what was there before go on', async () => {
    const { ask, follow } = startLaboratory(temporaryFolder())
    await ask('liveMap.begin', { liveMap: 'page 1', spec: sweep, ...onGpu })
    const biased = { ...sweep, base: { ...sweep.base, network: { hidden: 8, biases: true } } }
    const { problems } = await ask('liveMap.begin', { liveMap: 'page 2', replaces: 'page 1', spec: biased, ...onGpu })
    expect(problems).toMatchObject([{ path: 'base.network.biases', value: true }])
    expect((await follow('page 1')).reading.ended).toBe(12)
  })
})
