import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeSweep } from '../../../src/main/services/interchange/completeSweep.ts'
import { createDatasetReader } from '../../../src/main/services/interchange/datasetFile.ts'
import { collectSweep } from '../../../src/main/services/sweeps/collectSweep.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { requireBatches } from '../../../src/main/sweep/computeOnGpu.ts'
import { computeTask } from '../../../src/main/sweep/computeTask.ts'
import { readSweepDataset } from '../../../src/main/sweep/sweepDataset.ts'
import { prepareSweepFolder, type SweepFolder } from '../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import type { LabError } from '../../../src/shared/errors.ts'
import { requireComposed } from '../../../src/shared/experiment.ts'
import type { DatasetTask } from '../../../src/shared/tasks/dataset.ts'
import { workingLaboratories } from '../../support/askLaboratory.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { npzOf } from '../../support/npz.ts'

const never = new AbortController().signal
const [samples, features] = [24, 3]
const numbers = Float64Array.from({ length: samples * features }, (_, k) => Math.sin(7 * k))
const classes = Int32Array.from({ length: samples }, (_, k) => (numbers[features * k]! > 0 ? 1 : 0))
const training = Int32Array.from({ length: samples }, (_, k) => k).filter((k) => k % 3 > 0)

/** A sweep over data from a file, which is gone once the folder is made. */
function write(folder: string, { train }: { train?: Int32Array } = {}) {
  const path = join(folder, 'data.npz')
  const arrays = {
    X: { shape: [samples, features], data: numbers },
    Y: { shape: [samples], data: classes },
    ...(train ? { train: { shape: [train.length], data: train } } : {}),
  }
  writeFileSync(path, npzOf(arrays))
  return {
    path,
    spec: { ...sweep, base: { ...base, task: { kind: 'dataset', path, ...(train ? {} : { trainFraction: 0.75 }) } } },
  }
}

const base = {
  network: { hidden: 6 },
  dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 1, steps: 30 },
  record: { measureEvery: 10 },
}
const sweep = { name: 'own data', base, axes: [{ field: 'dynamics.weightDecay', values: [0.5, 1, 2] }], seeds: 2 }

async function prepare(given: { train?: Int32Array } = {}): Promise<{ folder: SweepFolder; spec: object }> {
  const place = temporaryFolder()
  const { path, spec } = write(place, given)
  const { input, dataset } = await completeSweep(
    spec,
    place,
    createDatasetReader(() => false),
  )
  const folder = await prepareSweepFolder(join(place, 'sweep'), { ...planSweep(input), dataset }, [])
  rmSync(path)
  return { folder, spec: input as object }
}

describe('a sweep over data from a file', () => {
  it.each([{}, { train: training }])('has it in its folder, wherever its runs are computed (%j)', async (given) => {
    const { folder } = await prepare(given)
    expect(readSweepDataset(folder)).toEqual({
      X: { rows: samples, columns: features, data: numbers },
      Y: classes,
      ...given,
    })
    expect(await computeTask(folder, 0, { signal: never })).toMatchObject({ finished: 6, left: 0, problems: [] })
    const path = join(folder.path, '../a.grokscope')
    expect(collectSweep(folder, path).taken).toBe(6)
    expect(collectSweep(folder, path).taken).toBe(0)
    const archive = openArchive(path, { readOnly: true })
    for (const { id } of archive.runs.listRuns()) {
      expect(archive.datasets.ofRun(id)!.X.data).toEqual(numbers)
      expect(archive.integrity.checkWhole(id).findings).toEqual([])
    }
    archive.close()
  })

  it('is refused where the data is gone, or another by a single byte', async () => {
    const { folder } = await prepare()
    const file = join(folder.path, 'data')
    const whole = readFileSync(file)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const torn = Buffer.from(whole)
        torn[place]! ^= change
        writeFileSync(file, torn)
        // What stands between the numbers may be written otherwise, and say the same.
        const read = () => readSweepDataset(folder)!.X.data
        try {
          expect(read()).toEqual(numbers)
        } catch (error) {
          expect((error as LabError).message).toContain('is not what was planned')
        }
      }),
    )
    for (let length = 0; length < whole.length; length += 97) {
      writeFileSync(file, whole.subarray(0, length))
      expect(() => readSweepDataset(folder)).toThrow('is not what was planned')
    }
    rmSync(file)
    await expect(computeTask(folder, 0, { signal: never })).rejects.toThrow(/data is not there/)
  })

  it('is one file, named in the base', async () => {
    const { spec } = await prepare()
    const { base: own } = spec as { base: { task: { content: object } } }
    const other = { ...own.task, content: { ...own.task.content, hash: 'f'.repeat(64) } }
    const axes = [{ field: 'task', values: [own.task, other] }]
    expect(() => planSweep({ ...spec, axes })).toThrow(/the data of a sweep is that of its base/)
    // The name of another file would stand on runs that are computed on this one.
    const pathAxis = { field: 'task.path', values: ['other.npz'] }
    const alone = {
      path: 'axes.0',
      message: expect.stringContaining('task.path: "other.npz" is not allowed: the data'),
    }
    expect(problemsOf({ ...spec, axes: [pathAxis] })).toMatchObject([alone])
    const paired = { fields: ['task.path', 'network.hidden'], values: [['other.npz', 8]] }
    expect(problemsOf({ ...spec, axes: [paired] })).toMatchObject([alone])
    const samples = { field: 'task.content.samples', values: [3] }
    expect(() => planSweep({ ...spec, axes: [samples] })).toThrow(/task\.content\.samples: 3 is not allowed: the data/)
    const whole = { field: 'task', values: [{ kind: 'dataset', path: 'other.npz', trainFraction: 0.5 }] }
    expect(() => planSweep({ ...spec, axes: [whole] })).toThrow(/task\.path: "other\.npz" is not allowed: the data/)
    await expect(requireBatches(planSweep(spec), undefined as never)).rejects.toThrow(
      /"dataset" is not computed on a GPU/,
    )
  })
})

function problemsOf(spec: object): unknown {
  try {
    planSweep(spec)
  } catch (error) {
    return (error as LabError).detail
  }
  return []
}

const laboratories = workingLaboratories()

describe('in the window', () => {
  it('its runs are those that are computed one by one, to the bit, and data the archive has needs no file', async () => {
    const place = temporaryFolder()
    const { path, spec } = write(place)
    const ask = laboratories.ask(join(place, 'a.grokscope'))
    const task = { kind: 'dataset', path, trainFraction: 0.75 }
    const { runIds } = await ask('experiment.submit', {
      spec: { ...base, record: { ...base.record, snapshots: 'events' }, task, name: 'one', seeds: [0, 1] },
    })
    const listed = async () => (await ask('run.list', { runIds: [...runIds] })).runs
    await expect.poll(async () => (await listed()).every(({ status }) => status === 'finished')).toBe(true)
    const [one] = await listed()
    expect(await ask('sweep.plan', { spec })).toMatchObject({ problems: [], forecast: { runs: 6 } })
    const { content } = requireComposed((await ask('run.show', { runId: one!.id })).spec!).task as DatasetTask
    const known = { ...spec, base: { ...spec.base, task: { ...task, content } } }
    rmSync(path)
    const { id } = await ask('sweep.create', { spec: known, computes: true })
    await expect.poll(async () => (await ask('sweep.show', { sweep: id })).finished).toBe(6)
    const { taken, present } = await ask('sweep.collect', { sweep: id })
    expect(taken + present).toBe(6)
    const { runs } = await ask('run.list', {})
    const like = runs.filter((run) => run.specificationHash === one!.specificationHash)
    expect(like).toHaveLength(2)
    expect(new Set(like.map((run) => run.resultHash)).size).toBe(1)
  })

  it('says at the field that the file is not there, and takes none for a live map', async () => {
    const place = temporaryFolder()
    const { path, spec } = write(place)
    const ask = laboratories.ask(join(place, 'a.grokscope'))
    const { content } = await ask('dataset.describe', { path })
    const plane = {
      ...{ ...spec, base: { ...base, task: { kind: 'dataset', path, content, trainFraction: 0.75 } } },
      axes: [...sweep.axes, { field: 'dynamics.learningRate', values: [0.01, 0.02] }],
    }
    const live = await ask('liveMap.begin', { liveMap: 'a', spec: plane, leastSeeds: 1 })
    expect(live.problems).toMatchObject([
      { path: 'base.task.kind', message: expect.stringContaining('takes no data from a file') as string },
    ])
    rmSync(path)
    const { problems } = await ask('sweep.plan', { spec })
    expect(problems).toMatchObject([{ path: 'base.task.path', value: path }])
    await expect(ask('sweep.create', { spec, computes: false })).rejects.toThrow(/no such file/)
  })
})
