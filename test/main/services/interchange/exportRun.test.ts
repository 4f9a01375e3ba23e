import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ExportFormatName } from '../../../../src/main/services/interchange/exportFormats.ts'
import { exportRun as streamRun } from '../../../../src/main/services/interchange/exportRun.ts'
import { collectFile } from '../../../../src/main/services/interchange/collectFile.ts'
import { readNpz } from '../../../../src/main/services/interchange/readNpz.ts'
import {
  eventsOf,
  matrix,
  measured,
  settled,
  smallSpec,
  snapshot,
  started,
  temporaryArchives,
  trainPairs,
} from '../../../support/archive.ts'
import { createCaller } from '../../../../src/main/engine/host/caller.ts'
import { inProcessWorkers } from '../../../support/inProcessWorkers.ts'
import { askPython, hasNumpy } from '../../../support/python.ts'

import { batchSampler } from '../../../../src/main/lab/dynamics/batches.ts'
import { requireComposed, toRunSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import type { Archive } from '../../../../src/main/store/archive.ts'

const { folder, open } = temporaryArchives()
const caller = createCaller(inProcessWorkers)
const exportRun = async (archive: Archive, runId: string, format: ExportFormatName) =>
  collectFile(streamRun(archive, runId, format, caller), 'grokscope export')
const names = ['step', 'tau', 'seconds', 'trainLoss', 'testMse', 'conditionNumber', 'snapshotSteps', 'E', 'W', 'train']

/** A run with a column that is not measured everywhere, numbers that decimals cannot hold, and three snapshots. */
function archiveWithRun() {
  const archive = open()
  const { runIds } = archive.runs.createExperiment({ spec: smallSpec() })
  const runId = runIds[0]!
  archive.applyEvents(
    eventsOf(runId, [
      started,
      measured(0, { trainLoss: 1 / 3, testMse: 1e-300, conditionNumber: 1e9 }),
      snapshot(0, { reason: 'initial' }),
      measured(10, { trainLoss: Math.PI, testMse: 2 }),
      snapshot(10),
      measured(100, { trainLoss: 0.1 + 0.2, testMse: -0 }),
      snapshot(100, { reason: 'final' }),
      settled(),
    ]),
  )
  return { archive, runId }
}

const expected = {
  step: [0, 10, 100],
  trainLoss: [1 / 3, Math.PI, 0.1 + 0.2],
  conditionNumber: [1e9, NaN, NaN],
}

describe('an exported run', () => {
  it('as .npz holds every measurement and snapshot to the bit under the fixed names', async () => {
    const { archive, runId } = archiveWithRun()
    const { name, bytes } = await exportRun(archive, runId, 'npz')
    expect(name).toBe(`grokscope-${runId}.npz`)
    const path = join(folder(), name)
    writeFileSync(path, bytes)
    const { arrays } = await readNpz(path, names, 1e6)
    expect(Object.keys(arrays).sort()).toEqual(names.toSorted())
    for (const [column, values] of Object.entries(expected)) {
      expect(arrays[column]).toEqual({ shape: [3], data: Float64Array.from(values) })
    }
    expect(arrays['snapshotSteps']!.data).toEqual(Float64Array.of(0, 10, 100))
    expect(arrays['train']).toEqual({ shape: [9], data: trainPairs })
    expect(arrays['E']!.shape).toEqual([3, 5, 16])
    expect(arrays['W']!.shape).toEqual([3, 16, 5])
    ;[0, 10, 100].forEach((step, i) => {
      expect(arrays['E']!.data.slice(80 * i, 80 * (i + 1))).toEqual(matrix(5, 16, step).data)
      expect(arrays['W']!.data.slice(80 * i, 80 * (i + 1))).toEqual(matrix(16, 5, -step).data)
    })
  })

  it.skipIf(!hasNumpy)('as .npz is read by NumPy, to the bit', async () => {
    const { archive, runId } = archiveWithRun()
    const path = join(folder(), 'run.npz')
    writeFileSync(path, (await exportRun(archive, runId, 'npz')).bytes)
    const read = askPython(
      `
a = np.load(input, allow_pickle=False)
print(json.dumps({k: [a[k].dtype.str, list(a[k].shape), [x.hex() if isinstance(x, float) else x for x in a[k].ravel().tolist()]] for k in a.files}))`,
      path,
    ) as Record<string, [string, number[], unknown[]]>
    expect(Object.keys(read).sort()).toEqual(names.toSorted())
    expect(read['trainLoss']).toEqual([
      '<f8',
      [3],
      ['0x1.5555555555555p-2', '0x1.921fb54442d18p+1', '0x1.3333333333334p-2'],
    ])
    expect(read['testMse']![2][2]).toBe('-0x0.0p+0')
    expect(read['E']!.slice(0, 2)).toEqual(['<f8', [3, 5, 16]])
    expect(read['train']).toEqual(['<i4', [9], [...trainPairs]])
  })

  it('as CSV has a line for each measured step, numbers that read back as they were, and gaps', async () => {
    const { archive, runId } = archiveWithRun()
    const lines = new TextDecoder().decode((await exportRun(archive, runId, 'csv')).bytes).split('\n')
    expect(lines[0]).toBe('step,tau,seconds,trainLoss,testMse,conditionNumber')
    expect(lines.length).toBe(5)
    expect(lines[4]).toBe('')
    const rows = lines.slice(1, 4).map((line) => line.split(','))
    for (const [column, values] of Object.entries(expected)) {
      const at = lines[0]!.split(',').indexOf(column)
      expect(rows.map((row) => (row[at] === '' ? NaN : Number(row[at])))).toEqual(values)
    }
  })

  it('as JSON holds the record and the measurements', async () => {
    const { archive, runId } = archiveWithRun()
    const record = JSON.parse(new TextDecoder().decode((await exportRun(archive, runId, 'json')).bytes)) as {
      id: string
      spec: unknown
      train: number[]
      measurements: Record<string, (number | null)[]>
      snapshots: { step: number }[]
    }
    expect(record.id).toBe(runId)
    expect(record.spec).toEqual(archive.runs.run(runId).spec)
    expect(record.train).toEqual([...trainPairs])
    expect(record.measurements['trainLoss']).toEqual(expected.trainLoss)
    expect(record.measurements['conditionNumber']).toEqual([1e9, null, null])
    expect(record.snapshots.map(({ step }) => step)).toEqual([0, 10, 100])
  })

  it('that has not begun is an empty one', async () => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
    const path = join(folder(), 'run.npz')
    writeFileSync(path, (await exportRun(archive, runId!, 'npz')).bytes)
    expect((await readNpz(path, names, 1e6)).arrays).toMatchObject({
      step: { shape: [0] },
      snapshotSteps: { shape: [0] },
    })
    expect(new TextDecoder().decode((await exportRun(archive, runId!, 'csv')).bytes)).toBe('step,tau,seconds\n')
  })

  it('of a toy model has one layer', async () => {
    const archive = open()
    const spec = {
      task: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] },
      network: undefined,
      dynamics: { kind: 'gradientFlow', ridge: 0.1, steps: 100 },
    }
    const [runId] = archive.runs.createExperiment({ spec: smallSpec(spec) }).runIds
    const E = { rows: 1, columns: 2, data: Float64Array.of(-1, 1) }
    archive.applyEvents(eventsOf(runId!, [measured(0, { trainLoss: 1 }), snapshot(0, { matrices: { E } })]))
    const path = join(folder(), 'run.npz')
    writeFileSync(path, (await exportRun(archive, runId!, 'npz')).bytes)
    const { E: layer, W } = (await readNpz(path, names, 1e6)).arrays
    expect(layer).toEqual({ shape: [1, 1, 2], data: E.data })
    expect(W).toBeUndefined()
  })

  it('is refused a window where it is too large, with the command that writes it', async () => {
    const { archive, runId } = archiveWithRun()
    const command = 'grokscope export RUN'
    await expect(collectFile(streamRun(archive, runId, 'json', caller), command, 1000)).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(/json is larger than .*; in the terminal: grokscope export RUN$/) as string,
    })
  })

  it('holds the indices of its minibatches, computed again from the seed, and none where it has none', async () => {
    const archive = open()
    const training = { kind: 'training' as const, learningRate: 0.1, weightDecay: 0, steps: 5 }
    const { task, network } = requireComposed(smallSpec())
    const spec = parseExperiment({ task, network, dynamics: { ...training, batch: { size: 2 } }, seeds: [7] })
    const runId = archive.runs.createExperiment({ spec, runs: [{ spec: toRunSpec(spec, 7) }] }).runIds[0]!
    await expect(exportRun(archive, runId, 'batches')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    archive.applyEvents(eventsOf(runId, [started]))
    const { name, bytes } = await exportRun(archive, runId, 'batches')
    expect(name).toBe(`grokscope-${runId}-batches.npz`)
    const path = join(folder(), name)
    writeFileSync(path, bytes)
    const { arrays } = await readNpz(path, ['batchIndices', 'train'], 1e6)
    const n = trainPairs.length
    const batchOf = batchSampler(n, { size: 2, sampling: 'withoutReplacement' }, 7)
    expect(n % 2).toBe(1)
    expect(arrays.train!.data).toEqual(trainPairs)
    expect(arrays.batchIndices!.shape).toEqual([5, 2])
    for (let step = 0; step < 5; step++) {
      const row = [...arrays.batchIndices!.data.subarray(2 * step, 2 * step + 2)]
      expect(row).toEqual([...batchOf(step), -1].slice(0, 2))
    }
    // One that a rule has ended took fewer steps than it was given.
    archive.applyEvents(eventsOf(runId, [settled({ step: 3 })], 1))
    writeFileSync(path, (await exportRun(archive, runId, 'batches')).bytes)
    const ended = await readNpz(path, ['batchIndices'], 1e6)
    expect(ended.arrays.batchIndices!.shape).toEqual([3, 2])
    expect(ended.arrays.batchIndices!.data).toEqual(arrays.batchIndices!.data.subarray(0, 6))
    // Nor did one that diverged take what it was given.
    const [failed] = archive.runs.createExperiment({ spec, runs: [{ spec: toRunSpec(spec, 7) }] }).runIds
    archive.applyEvents(eventsOf(failed!, [started, settled({ status: 'failed', code: 'DIVERGED', step: 2 })]))
    writeFileSync(path, (await exportRun(archive, failed!, 'batches')).bytes)
    expect((await readNpz(path, ['batchIndices'], 1e6)).arrays.batchIndices!.shape).toEqual([2, 2])
    const study = parseExperiment({ study: { kind: 'multiScaleFeatures' } })
    const whole = archiveWithRun()
    for (const { archive, runId } of [
      whole,
      { archive: whole.archive, runId: whole.archive.runs.createExperiment({ spec: study }).runIds[0]! },
    ]) {
      await expect(exportRun(archive, runId, 'batches')).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        message: `run ${runId} was not trained on minibatches: it has no batches`,
      })
    }
  })

  it('that is purged while it is written ends in an error', async () => {
    for (const format of ['csv', 'json', 'npz'] as const) {
      const { archive, runId } = archiveWithRun()
      const { content } = streamRun(archive, runId, format, caller)
      const write = async () => {
        for await (const _ of content) {
          if (archive.runs.listRuns().length === 0) continue
          archive.library.move([runId], 'bin')
          archive.library.purge([runId])
        }
      }
      await expect(write()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  it('that goes on is written without its checkpoint, whose place the next one takes meanwhile', async () => {
    const archive = open()
    const runId = archive.runs.createExperiment({ spec: smallSpec() }).runIds[0]!
    const begun = [
      started,
      measured(0, { trainLoss: 1 }),
      snapshot(0, { reason: 'initial' }),
      snapshot(7, { reason: 'checkpoint' }),
    ]
    archive.applyEvents(eventsOf(runId, begun))
    const parts: Uint8Array[] = []
    for await (const part of streamRun(archive, runId, 'npz', caller).content) {
      if (parts.length === 0)
        archive.applyEvents(eventsOf(runId, [snapshot(9, { reason: 'checkpoint' })], begun.length))
      parts.push(part as Uint8Array)
    }
    const path = join(folder(), 'goes-on.npz')
    writeFileSync(path, Buffer.concat(parts))
    const { arrays } = await readNpz(path, names, 1e6)
    expect(arrays['snapshotSteps']!.data).toEqual(Float64Array.of(0))
    expect(arrays['E']!.shape).toEqual([1, 5, 16])
  })

  it('holds what was measured when it began, whatever is measured meanwhile', async () => {
    const archive = open()
    const runId = archive.runs.createExperiment({ spec: smallSpec() }).runIds[0]!
    const rows = (from: number) => Array.from({ length: 5000 }, (_, i) => measured(from + i, { trainLoss: i }))
    archive.applyEvents(eventsOf(runId, [started, ...rows(0)]))
    const { content } = streamRun(archive, runId, 'json', caller)
    let text = ''
    for await (const part of content) {
      if (text === '') archive.applyEvents(eventsOf(runId, rows(5000), 5001))
      text += String(part)
    }
    const { measurements } = JSON.parse(text) as { measurements: Record<string, number[]> }
    expect(Object.values(measurements).map((values) => values.length)).toEqual([5000, 5000, 5000, 5000])
  })

  it('is the same bytes each time', async () => {
    const { archive, runId } = archiveWithRun()
    const [first, second] = [await exportRun(archive, runId, 'npz'), await exportRun(archive, runId, 'npz')]
    expect(Buffer.from(first.bytes).equals(second.bytes)).toBe(true)
  })
})
