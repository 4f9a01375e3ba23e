import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { runExperiment } from '../../../src/main/lab/runExperiment.ts'
import { ownWorkers } from '../../../src/main/services/nodeLaboratory.ts'
import { collectSweep } from '../../../src/main/services/sweeps/collectSweep.ts'
import { followSweep } from '../../../src/main/services/sweeps/followSweep.ts'
import { runSweepHere } from '../../../src/main/services/sweeps/runSweepHere.ts'
import { computeTask } from '../../../src/main/sweep/computeTask.ts'
import { prepareSweepFolder, type SweepFolder } from '../../../src/main/sweep/sweepFolder.ts'
import {
  beginAttempt,
  listJournals,
  listProblems,
  readRun,
  surveySweep,
} from '../../../src/main/sweep/sweepJournals.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { readSweepRuns } from '../../../src/main/sweep/sweepRuns.ts'
import type { ErrorCode } from '../../../src/shared/errors.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { provenance } from '../../support/archive.ts'
import { temporaryFolder } from '../../support/folders.ts'

vi.mock(import('../../../src/main/lab/runExperiment.ts'), async (original) => {
  const actual = await original()
  return { ...actual, runExperiment: vi.fn(actual.runExperiment) }
})

const base = {
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
  network: { hidden: 4 },
  dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps: 20 },
}
const never = new AbortController().signal

async function computed(values: readonly number[]): Promise<SweepFolder> {
  const plan = planSweep({ base, axes: [{ field: 'dynamics.weightDecay', values }], seeds: 1 })
  const sweep = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), plan, [])
  await computeTask(sweep, 0, { signal: never })
  return sweep
}

const journalOf = (sweep: SweepFolder, place: number) => listJournals(sweep).get(sweep.keys[place]!)![0]!

describe('a journal of another sweep or another run, or with nothing whole in it, under the key of a run', () => {
  it('is told, and whoever asks hears that the run has not begun', async () => {
    const [sweep, other] = [await computed([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), await computed([0.7])]
    const places = sweep.keys.map((_, place) => journalOf(sweep, place))
    copyFileSync(journalOf(other, 0), places[0]!)
    copyFileSync(places[5]!, places[1]!)
    writeFileSync(places[2]!, '')
    rmSync(places[3]!)
    mkdirSync(places[3]!)
    rmSync(places[4]!)
    symlinkSync(join(sweep.path, 'gone'), places[4]!)
    const ofNoRun = join(sweep.path, 'journals/notes.events')
    writeFileSync(ofNoRun, '')
    const foreign = [...places.slice(0, 5), ofNoRun].sort()
    const survey = surveySweep(sweep)
    expect(survey).toMatchObject({ finished: 1, begun: 0, open: [0, 1, 2, 3, 4] })
    expect(survey.foreign.sort()).toEqual(foreign)
    const followed = followSweep(sweep)
    await followed.refresh()
    expect(followed.counts()).toEqual({ waiting: 5, begun: 0, finished: 1, failed: 0 })
    expect(readSweepRuns(sweep).map(({ status }) => status)).toEqual([...Array<string>(5).fill('queued'), 'finished'])
    const collection = collectSweep(sweep, join(sweep.path, '../a.grokscope'))
    expect(collection).toMatchObject({ taken: 1, open: 5, begun: 0 })
    expect(collection.foreign.sort()).toEqual(foreign)
  })
})

describe('a journal of more than 2 GiB', () => {
  it('is read as any other, whoever asks', async () => {
    const sweep = await computed([0.1, 0.2])
    // A hole of the file: it takes no room.
    truncateSync(journalOf(sweep, 0), 2 ** 31 + 2 ** 20)
    expect(surveySweep(sweep)).toMatchObject({ finished: 2, open: [], foreign: [] })
    expect(readSweepRuns(sweep).map(({ status, step }) => [status, step])).toEqual(Array(2).fill(['finished', 20]))
    const followed = followSweep(sweep)
    await followed.refresh()
    expect(followed.counts()).toMatchObject({ finished: 2 })
    expect(collectSweep(sweep, join(sweep.path, '../a.grokscope'))).toMatchObject({ taken: 2, open: 0, foreign: [] })
    expect(await computeTask(sweep, 0, { signal: never })).toMatchObject({ finished: 2, left: 0 })
  })
})

describe('a run of which an attempt failed by the machine', () => {
  const startOf = (key: string) => ({
    ...{ runId: key, tau: 0, seconds: 0, step: 0 },
    ...{ type: 'started', sequence: 0, provenance, train: Int32Array.of(0) },
  })
  const failureOf = (key: string, code: ErrorCode) => ({
    ...{ runId: key, tau: 0, seconds: 0, step: 0 },
    ...{ type: 'settled', sequence: 1, status: 'failed', code, message: `failed: ${code}` },
  })

  it('has not ended, as one that diverged has', async () => {
    const plan = planSweep({ base, axes: [{ field: 'dynamics.weightDecay', values: [0.1, 0.2] }], seeds: 1 })
    const sweep = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), plan, [])
    for (const [place, code] of (['OUT_OF_MEMORY', 'DIVERGED'] as const).entries()) {
      const key = sweep.keys[place]!
      const journal = beginAttempt(sweep, key)
      journal.append([startOf(key), failureOf(key, code)] as RunEvent[])
      await journal.close()
    }
    expect(surveySweep(sweep)).toMatchObject({ finished: 0, failed: 1, begun: 1, open: [0] })
    expect(readSweepRuns(sweep).map(({ status }) => status)).toEqual(['interrupted', 'failed'])
    const archive = join(sweep.path, '../a.grokscope')
    expect(collectSweep(sweep, archive)).toMatchObject({ taken: 1, open: 1 })
    expect(await computeTask(sweep, 0, { signal: never })).toMatchObject({ finished: 1, failed: 1, left: 0 })
    expect(collectSweep(sweep, archive)).toMatchObject({ taken: 1, present: 1, open: 0 })
  })

  it('is a problem that is told, by a task too', async () => {
    const plan = planSweep({ base, axes: [{ field: 'dynamics.weightDecay', values: [0.1, 0.2] }], seeds: 1 })
    const sweep = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), plan, [])
    const key = sweep.keys[0]!
    vi.mocked(runExperiment).mockImplementationOnce(async function* () {
      yield* await Promise.resolve([startOf(key), failureOf(key, 'OUT_OF_MEMORY')] as RunEvent[])
    })
    const outcome = await computeTask(sweep, 0, { signal: never })
    expect(outcome).toMatchObject({ finished: 1, failed: 0, left: 1, problems: [`run ${key}: failed: OUT_OF_MEMORY`] })
    expect(listProblems(sweep)).toEqual([key])
    const startWorker = ownWorkers()
    const { ended, problems } = await runSweepHere(sweep, {
      slots: 1,
      startWorker,
      signal: never,
      onProgress: () => {},
    })
    expect([ended, problems.size, listProblems(sweep)]).toEqual([1, 0, []])
  })
})

describe('the folder of journals', () => {
  it('is made again where it was lost, and the sweep computed from the beginning', async () => {
    const sweep = await computed([0.1, 0.2])
    rmSync(join(sweep.path, 'journals'), { recursive: true })
    expect(surveySweep(sweep)).toMatchObject({ begun: 0, open: [0, 1] })
    expect(await computeTask(sweep, 0, { signal: never })).toMatchObject({ finished: 2, left: 0 })
  })

  it('or a file in it that cannot be read is named', async () => {
    const sweep = await computed([0.1])
    const file = `${journalOf(sweep, 0)}.events`
    symlinkSync(file, file)
    const asks = [surveySweep, readSweepRuns, (folder: SweepFolder) => readRun(folder, folder.keys[0]!, [file])]
    for (const ask of asks) {
      expect(() => ask(sweep)).toThrow(expect.objectContaining({ code: 'INVALID_FILE' }) as Error)
      expect(() => ask(sweep)).toThrow(`${file} cannot be read: its path leads through too many symbolic links`)
    }
    rmSync(join(sweep.path, 'journals'), { recursive: true })
    writeFileSync(join(sweep.path, 'journals'), '')
    expect(() => surveySweep(sweep)).toThrow(`${join(sweep.path, 'journals')} cannot be read: a folder is needed there`)
  })

  it('that is gone with the whole sweep is not made again, and no other run is begun', async () => {
    const sweep = await computed([0.1, 0.2, 0.3])
    rmSync(sweep.path, { recursive: true })
    const gone = expect.objectContaining({ code: 'FILE_UNWRITABLE' }) as Error
    expect(() => beginAttempt(sweep, sweep.keys[0]!)).toThrow(gone)
    const options = { slots: 1, startWorker: ownWorkers(), signal: never, onProgress: () => expect.unreachable() }
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await expect(runSweepHere(sweep, options)).rejects.toThrow(gone)
    expect(told).not.toHaveBeenCalled()
    vi.restoreAllMocks()
    expect(readdirSync(join(sweep.path, '..'))).not.toContain('sweep')
  })
})
