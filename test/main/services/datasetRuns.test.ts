import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { openLaboratory, type Laboratory } from '../../../src/main/services/laboratory.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { requireComposed } from '../../../src/shared/experiment.ts'
import type { DatasetTask } from '../../../src/shared/tasks/dataset.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { inProcessWorkers } from '../../support/inProcessWorkers.ts'
import { npzOf } from '../../support/npz.ts'

const folder = temporaryFolder()
const open: Laboratory[] = []
afterEach(async () => {
  for (const laboratory of open.splice(0)) await laboratory.close()
})

let count = 0
function laboratoryIn(name = `${count++}.grokscope`): Laboratory {
  const laboratory = openLaboratory({
    archivePath: join(folder, name),
    cacheFolder: undefined,
    startWorker: inProcessWorkers,
    host: {
      chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
      chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
    },
    slots: 1,
    backend: { kind: 'plain', threads: 1 },
  })
  open.push(laboratory)
  return laboratory
}

const file = join(folder, 'data.npz')
const X = { shape: [12, 3], data: Float64Array.from({ length: 36 }, (_, i) => Math.sin(i)) }
const Y = { shape: [12], data: Int32Array.from({ length: 12 }, (_, i) => i % 3) }
const writeData = (scale = 1) => writeFileSync(file, npzOf({ X: { ...X, data: X.data.map((x) => scale * x) }, Y }))

const input = {
  task: { kind: 'dataset', path: 'data.npz', trainFraction: 0.5 },
  network: { hidden: 8 },
  dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 1e-3, steps: 6 },
}

async function submit(laboratory: Laboratory, changes: object = {}) {
  const submission = await laboratory.experiments.submit({ ...input, ...changes }, { folder })
  await ended(laboratory, submission.runIds)
  return submission
}

async function ended(laboratory: Laboratory, runIds: readonly string[]) {
  const statuses = async () =>
    (await laboratory.handlers['run.list']({ limit: 100, where: '' })).runs
      .filter(({ id }) => runIds.includes(id))
      .map(({ status }) => status)
  await expect.poll(statuses).toEqual(runIds.map(() => 'finished'))
}

async function hashes(laboratory: Laboratory, runIds: readonly string[]) {
  const { runs } = await laboratory.handlers['run.list']({ limit: 100, where: '' })
  return runIds.map((id) => runs.find((run) => run.id === id)!.resultHash)
}

/** How many arrays of data an archive keeps. */
function arraysIn(path: string): number {
  const database = new DatabaseConstructor(path, { readonly: true })
  try {
    return database.prepare('SELECT count(*) FROM datasets').pluck().get() as number
  } finally {
    database.close()
  }
}

describe('runs on data from a file', () => {
  it('go on, again and elsewhere from the archive alone, to the same bits', async () => {
    writeData()
    const laboratory = laboratoryIn()
    const { runIds } = await submit(laboratory, { seeds: [0, 1] })
    const found = await hashes(laboratory, runIds)
    expect(new Set(found).size).toBe(2)
    rmSync(file)

    const again = laboratory.experiments.rerun(runIds)
    await ended(laboratory, again.runIds)
    expect(await hashes(laboratory, again.runIds)).toEqual(found)

    const { spec } = await laboratory.handlers['run.show']({ runId: runIds[0]! })
    const branch = await laboratory.experiments.branch(runIds[0]!, 0, {
      ...input,
      task: requireComposed(spec!).task,
      seeds: [0],
    })
    await ended(laboratory, branch.runIds)
    expect(await hashes(laboratory, branch.runIds)).toEqual([found[0]])

    await laboratory.handlers['run.extend']({ runIds, steps: 9, watch: false })
    await ended(laboratory, runIds)
    expect((await laboratory.handlers['run.show']({ runId: runIds[0]! })).step).toBe(9)

    const { values } = (await laboratory.handlers['analysis.compute']({
      runId: runIds[0]!,
      step: 9,
      kind: 'hidden',
      options: {},
    })) as { values: { rows: number } }
    expect(values.rows).toBe(6)

    // X and classes, once for six runs.
    expect(arraysIn(laboratory.archiveFiles[0]!)).toBe(2)
  })

  it('are carried to another archive with their data, and leave none behind when they are purged', async () => {
    writeData()
    const laboratory = laboratoryIn()
    const { runIds } = await submit(laboratory, { seeds: [0, 1] })
    await laboratory.close()
    open.pop()

    const from = openArchive(laboratory.archiveFiles[0]!)
    const copy = join(folder, 'copy.grokscope')
    await from.exchange.exportRuns([runIds[0]!], copy)
    expect(arraysIn(copy)).toBe(2)

    const elsewhere = openArchive(join(folder, `${count++}.grokscope`))
    const { imported, refused } = elsewhere.exchange.importRuns(copy)
    expect(refused).toEqual([])
    expect(elsewhere.datasets.ofRun(imported[0]!)).toEqual(from.datasets.ofRun(runIds[0]!))
    elsewhere.close()

    from.library.move(runIds, 'bin')
    from.library.purge([runIds[0]!])
    expect(arraysIn(from.path)).toBe(2)
    from.library.purge([runIds[1]!])
    expect(arraysIn(from.path)).toBe(0)
    from.close()
  })

  it('are not stored without it, as where the last run that had it is purged while others are submitted', async () => {
    writeData()
    const laboratory = laboratoryIn()
    const { runIds } = await submit(laboratory)
    const { seed, ...shared } = (await laboratory.handlers['run.show']({ runId: runIds[0]! })).spec!
    const archive = openArchive(join(temporaryFolder(), 'without.grokscope'))
    const create = () => archive.runs.createExperiment({ spec: { ...shared, seeds: [seed] } })
    expect(create).toThrow(/the data \w+ is not in the archive any more; submit the run with its file again/)
    expect(archive.runs.countRuns()).toBe(0)
    archive.close()
  })

  it('have it where a sweep is given more seeds, though the last run that had it is purged meanwhile', async () => {
    writeData()
    const laboratory = laboratoryIn()
    const { handlers } = laboratory
    const { runIds } = await submit(laboratory)
    await handlers['run.move']({ moves: [{ runIds, to: 'bin' }] })
    const base = { ...input, task: { ...input.task, path: file } }
    const axes = [{ field: 'dynamics.weightDecay', values: [0.1, 0.2] }]
    const sweep = await handlers['sweep.create']({ spec: { name: 'over data', base, axes }, computes: false })
    const added = Promise.resolve(handlers['sweep.addSeeds']({ sweep: sweep.id, cell: 1, count: 2 }))
    // All that comes before the host waits for the system.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    await handlers['run.purge']({ runIds })
    await ended(laboratory, (await added).runIds)
  })

  it('are found damaged where their data is, and are not imported then', async () => {
    writeData()
    const laboratory = laboratoryIn()
    const { runIds } = await submit(laboratory)
    await laboratory.close()
    open.pop()
    const path = laboratory.archiveFiles[0]!
    const database = new DatabaseConstructor(path)
    database
      .prepare(
        "UPDATE datasets SET rows = 1, data = (SELECT data FROM datasets WHERE name = 'X') WHERE name = 'classes'",
      )
      .run()
    database.close()
    const damaged = openArchive(path)
    expect(damaged.integrity.checkWhole(runIds[0]!).findings).toEqual([
      expect.stringMatching(/^classes of the data [0-9a-f]{64} is damaged/),
    ])
    damaged.close()
    const elsewhere = openArchive(join(folder, `${count++}.grokscope`))
    expect(elsewhere.exchange.importRuns(path)).toMatchObject({ imported: [], refused: [{ runId: runIds[0] }] })
    elsewhere.close()
    const emptied = new DatabaseConstructor(path)
    emptied.exec('DELETE FROM datasets')
    emptied.close()
    const empty = openArchive(path)
    expect(empty.integrity.check(runIds[0]!).findings).toEqual([
      expect.stringMatching(/^the data of its task, .* is missing$/),
    ])
    empty.close()
  })

  it('are of what the file holds as they are submitted, and of what the archive kept where they say so', async () => {
    writeData()
    const laboratory = laboratoryIn()
    const first = await submit(laboratory)
    writeData(2)
    const second = await submit(laboratory)
    const tasks = await Promise.all(
      [first, second].map(
        async ({ runIds }) =>
          requireComposed((await laboratory.handlers['run.show']({ runId: runIds[0]! })).spec!).task,
      ),
    )
    const [before, after] = tasks as DatasetTask[]
    expect(before!.content.hash).not.toBe(after!.content.hash)

    const kept = await submit(laboratory, { task: before })
    expect(kept.warnings).toEqual([expect.stringContaining('data.npz has changed since')])
    expect(await hashes(laboratory, kept.runIds)).toEqual(await hashes(laboratory, first.runIds))

    const other = laboratoryIn()
    writeData(3)
    const branch = await laboratory.experiments.branch(first.runIds[0]!, 0, {
      ...input,
      task: { ...before, path: file },
    })
    expect(branch.warnings).toEqual([expect.stringContaining('data.npz has changed since')])
    await ended(laboratory, branch.runIds)
    await expect(submit(other, { task: before })).rejects.toThrow(/data.npz: holds other data than task.content says/)
  })

  it('are estimated from the file, which is a problem of its field where it cannot be taken', async () => {
    writeData()
    const laboratory = laboratoryIn()
    const { problems, spec } = await laboratory.experiments.estimate({ ...input, task: { ...input.task, path: file } })
    expect(problems).toEqual([])
    expect(requireComposed(spec!).task).toMatchObject({
      content: { samples: 12, features: 3, targets: 'classes', outputs: 3 },
    })
    const missing = await laboratory.experiments.estimate({
      ...input,
      task: { ...input.task, path: join(folder, 'no.npz') },
    })
    expect(missing.problems).toEqual([
      {
        path: 'task.path',
        value: join(folder, 'no.npz'),
        message: `task.path: ${join(folder, 'no.npz')}: no such file`,
      },
    ])
  })

  it('give their data back as a file of the same hash', async () => {
    writeData()
    const laboratory = laboratoryIn()
    const { runIds } = await submit(laboratory)
    const { bytes } = (await laboratory.handlers['run.export']({ runId: runIds[0]!, format: 'data' })) as {
      bytes: Uint8Array
    }
    writeFileSync(file, bytes)
    const again = await submit(laboratoryIn())
    expect(again.warnings).toEqual([])
    const { spec } = await laboratory.handlers['run.show']({ runId: runIds[0]! })
    const other = await open.at(-1)!.handlers['run.show']({ runId: again.runIds[0]! })
    expect((requireComposed(other.spec!).task as DatasetTask).content).toEqual(
      (requireComposed(spec!).task as DatasetTask).content,
    )
  })
})
