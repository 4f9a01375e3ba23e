import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import type { ToWorker } from '../../../src/main/engine/messages.ts'
import type { StartWorker } from '../../../src/main/engine/host/workerProcess.ts'
import { openLaboratory, type Laboratory } from '../../../src/main/services/laboratory.ts'
import { openArchive, type Archive } from '../../../src/main/store/archive.ts'
import type { RunEvent, RunStatus } from '../../../src/shared/run.ts'
import { startCommandLine } from '../../support/commandLine.ts'
import { copyArchive } from '../../support/earlierArchives.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { workerProgram } from '../../support/program.ts'

const folder = temporaryFolder()
/** A second's work, of which workers tell every 50 ms. */
const steps = 40_000

/** Every step is measured, so that many parts of 1024 rows are sealed on the way. */
const specification = {
  name: 'to be killed',
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 24 },
  dynamics: { kind: 'isolated', integrator: { kind: 'heun', stepSize: 0.001 }, steps },
  record: { measureEvery: 1, snapshots: Array.from({ length: 14 }, (_, i) => 2800 * (i + 1)) },
}

/** Twenty-five programs are started, one after the other. */
const patience = 1_200_000

const outcomes: string[] = []
afterAll(() => void process.stdout.write(`${outcomes.join('\n')}\n`))

const random = (max: number) => Math.floor(max * Math.random())
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

interface Observation {
  chunks: { runId: string; name: string; part: number; data: Buffer }[]
  runs: { id: string; seed: number; status: RunStatus; step: number }[]
}

/** What an archive holds of its runs at a moment, nothing before it is made; read beside whoever writes it. */
function observe(path: string): Observation {
  try {
    return observeIn(new DatabaseConstructor(path, { readonly: true }))
  } catch (error) {
    if (!(error instanceof SqliteError) || error.code !== 'SQLITE_READONLY_ROLLBACK') throw error
    // Who only reads does not take back what was half written at a kill.
    const copy = join(temporaryFolder(), 'copy')
    copyArchive(path, copy)
    return observeIn(new DatabaseConstructor(copy))
  }
}

function observeIn(database: Database): Observation {
  try {
    if (database.pragma('user_version', { simple: true }) === 0) return { chunks: [], runs: [] }
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.pragma('foreign_key_check')).toEqual([])
    return {
      chunks: database
        .prepare('SELECT runId, name, part, data FROM chunks ORDER BY runId, name, part')
        .all() as Observation['chunks'],
      runs: database.prepare('SELECT id, seed, status, step FROM runs ORDER BY createdAt').all() as Observation['runs'],
    }
  } finally {
    database.close()
  }
}

/** Everything that was sealed before is there still, the same bytes; everything that was told was stored. */
function expectNothingLost(path: string, before: Observation, told: Map<string, number>): void {
  const after = observe(path)
  const key = ({ runId, name, part }: { runId: string; name: string; part: number }) => `${runId} ${name} ${part}`
  const found = new Map(after.chunks.map((chunk) => [key(chunk), chunk.data]))
  for (const chunk of before.chunks) expect(found.get(key(chunk))?.equals(chunk.data)).toBe(true)
  if (told.size === 0) return
  const archive = openArchive(path, { readOnly: true })
  for (const [runId, step] of told) {
    const stored = archive.curves.readColumn(runId, 'step')
    expect(stored).toEqual(Float64Array.from(stored, (_, i) => i))
    expect(stored.length).toBeGreaterThan(step)
  }
  archive.close()
}

/** The bits of a run: every curve but the clock's, every snapshot, and the hash over all of it. */
function bitsOf(archive: Archive, runId: string) {
  const { measured, contentHash, status } = archive.runs.run(runId)
  return {
    status,
    contentHash,
    curves: Object.fromEntries(
      ['step', 'tau', ...measured].map((name) => [name, archive.curves.readColumn(runId, name)]),
    ),
    snapshots: archive.snapshots.listSnapshots(runId).map(({ step }) => archive.snapshots.readSnapshot(runId, step)),
  }
}

/** Runs that were never disturbed, by seed. */
async function undisturbed(seeds: readonly number[]) {
  const path = join(temporaryFolder(), 'undisturbed.grokscope')
  const laboratory = open(path)
  const { runIds } = await laboratory.experiments.submit({ ...specification, seeds })
  await ended(laboratory, runIds)
  await laboratory.close()
  const archive = openArchive(path, { readOnly: true })
  const bits = new Map(seeds.map((seed, i) => [seed, bitsOf(archive, runIds[i]!)]))
  archive.close()
  return bits
}

function open(archivePath: string, startWorker: StartWorker = nodeWorkers(workerProgram)): Laboratory {
  return openLaboratory({
    archivePath,
    cacheFolder: join(folder, 'cache'),
    startWorker,
    host: {
      chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
      chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
    },
    slots: 2,
  })
}

/** Waits until none of the runs is active, and tells how they ended. */
async function ended(laboratory: Laboratory, runIds: readonly string[]): Promise<RunStatus[]> {
  const statuses = () =>
    Promise.all(runIds.map(async (runId) => (await laboratory.handlers['run.show']({ runId })).status))
  while (runIds.some((runId) => laboratory.runs.isActive(runId))) await wait(5)
  return statuses()
}

async function expectSameBits(path: string): Promise<void> {
  const archive = openArchive(path, { readOnly: true })
  const runs = archive.runs.listRuns()
  const expected = await undisturbed(runs.map(({ seed }) => seed))
  for (const { id, seed } of runs) {
    const bits = bitsOf(archive, id)
    expect(bits.curves['step']!.length).toBe(steps + 1)
    expect(bits).toEqual(expected.get(seed))
  }
  archive.close()
}

describe('kill -9', () => {
  it(
    'of a worker, 13 times: its run alone is interrupted, and resumes to the bits of an undisturbed one',
    async () => {
      const path = join(folder, 'workers.grokscope')
      const pids = new Map<string, number>()
      const laboratory = open(path, (environment) => {
        const worker = nodeWorkers(workerProgram)(environment)
        return {
          ...worker,
          post(message) {
            const { type, job } = message as Extract<ToWorker, { type: 'run' }>
            if (type === 'run') pids.set(job.runId, worker.pid!)
            worker.post(message)
          },
        }
      })
      const told = new Map<string, number>()
      laboratory.onRunEvents((events: readonly RunEvent[]) => {
        for (const event of events) if (event.type === 'measured') told.set(event.runId, event.step)
      })
      let runId: string | undefined
      for (let kill = 0, seed = 0; kill < 13;) {
        if (runId === undefined)
          runId = (await laboratory.experiments.submit({ ...specification, seeds: [seed++] })).runIds[0]!
        else laboratory.runs.resume([runId])
        const computing = kill % 4 > 0
        const known = told.get(runId)
        while (laboratory.runs.isActive(runId) && (computing ? told.get(runId) === known : !pids.has(runId)))
          await wait(1)
        const delay = random(computing ? 400 : 300)
        await wait(delay)
        const before = observe(path)
        if (laboratory.runs.isActive(runId)) process.kill(pids.get(runId)!, 'SIGKILL')
        pids.delete(runId)
        const [status] = await ended(laboratory, [runId])
        if (status === 'finished') {
          runId = undefined
          continue
        }
        // Before its first word a run has nothing to be interrupted in: it could not begin.
        expect(['interrupted', 'failed']).toContain(status)
        const { code, message, step } = await laboratory.handlers['run.show']({ runId })
        expect([code, message]).toEqual(['WORKER_DIED', 'the worker process was ended by SIGKILL'])
        expectNothingLost(path, before, told)
        kill += 1
        outcomes.push(
          `kill ${kill}: worker after ${delay} ms, ${status} at step ${step}, ${before.chunks.length} chunks sealed`,
        )
      }
      if (runId !== undefined) {
        laboratory.runs.resume([runId])
        expect(await ended(laboratory, [runId])).toEqual(['finished'])
      }
      await laboratory.close()
      await expectSameBits(path)
    },
    patience,
  )

  it(
    'of the whole program, 12 times: the archive opens, and its runs resume to the bits of undisturbed ones',
    async () => {
      const path = join(folder, 'program.grokscope')
      writeFileSync(join(folder, 'spec.json'), JSON.stringify(specification))
      const told = new Map<string, number>()
      for (let kill = 0, seed = 0; kill < 12;) {
        const unfinished = existsSync(path) ? observe(path).runs.find(({ status }) => status !== 'finished') : undefined
        const { child, outcome, output, hasEnded } = startCommandLine(folder, [
          ...(unfinished ? ['resume', unfinished.id] : ['run', 'spec.json', '--set', `seeds=[${seed++}]`]),
          ...['--archive', path, '--json'],
        ])
        // Now and then while it starts, mostly while it computes.
        if (kill % 4 > 0) while (!output().includes('"measured"') && !hasEnded()) await wait(5)
        const delay = random(kill % 4 > 0 ? 350 : 1200)
        await wait(delay)
        const before = existsSync(path) ? observe(path) : { chunks: [], runs: [] }
        child.kill('SIGKILL')
        const { signal, stdout } = await outcome
        for (const line of stdout.split('\n').slice(0, -1)) {
          const event = JSON.parse(line) as RunEvent
          if (event.type === 'measured') told.set(event.runId, event.step)
        }
        if (existsSync(path)) expectNothingLost(path, before, told)
        if (signal === null) continue
        kill += 1
        const [run] = existsSync(path) ? observe(path).runs.slice(-1) : []
        const state = run ? `${run.status} at step ${run.step}` : 'no run yet'
        outcomes.push(`kill ${13 + kill}: program after ${delay} ms, ${state}, ${before.chunks.length} chunks sealed`)
      }
      // Workers whose program was killed end by themselves, and the archive is free: every run can be resumed here.
      const laboratory = open(path)
      const left = (await laboratory.handlers['run.list']({ where: '', limit: 1000 })).runs.filter(
        ({ status }) => status !== 'finished',
      )
      for (const { status } of left) expect(['interrupted', 'queued']).toContain(status)
      laboratory.runs.resume(left.map(({ id }) => id))
      expect(
        new Set(
          await ended(
            laboratory,
            left.map(({ id }) => id),
          ),
        ),
      ).toEqual(new Set(left.length > 0 ? ['finished'] : []))
      await laboratory.close()
      await expectSameBits(path)
    },
    patience,
  )
})
