import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import { openLaboratory, type Laboratory } from '../../../src/main/services/laboratory.ts'
import { collectFile } from '../../../src/main/services/interchange/collectFile.ts'
import { exportFormatNames } from '../../../src/main/services/interchange/exportFormats.ts'
import { exportRun } from '../../../src/main/services/interchange/exportRun.ts'
import { openArchive, type Archive } from '../../../src/main/store/archive.ts'
import { migrations, versionOf } from '../../../src/main/store/migrations/migrate.ts'
import { runHashes } from '../../../src/main/store/runHashes.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import {
  keptBranch,
  keptExperiments,
  powers,
  takesPowers,
  type Continuations,
} from '../../support/archives/keptExperiments.ts'
import { noFigures } from '../../support/archive.ts'
import { stepsOf } from '../../../src/shared/experiment.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { workerProgram } from '../../support/program.ts'

const archives = join(import.meta.dirname, '../../support/archives')
const kept = JSON.parse(readFileSync(join(archives, '0.1.0.json'), 'utf8')) as Continuations

function copyOfArchive(): string {
  const path = join(temporaryFolder(), '0.1.0.grokscope')
  copyFileSync(join(archives, '0.1.0.grokscope'), path)
  return path
}

/** Of every run that is in the file, as the file has it. */
function stored<Column extends string>(...columns: Column[]): Record<Column, unknown>[] {
  return reading(
    copyOfArchive(),
    (database) =>
      database.prepare(`SELECT ${columns.join(', ')} FROM runs ORDER BY rowid`).all() as Record<Column, unknown>[],
  )
}

function reading<Output>(path: string, read: (database: Database) => Output): Output {
  const database = new DatabaseConstructor(path, { readonly: true })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

function storedSpec(path: string, runId: string): string {
  return reading(
    path,
    (database) => database.prepare('SELECT spec FROM documents WHERE runId = ?').pluck().get(runId) as string,
  )
}

const uncalled = { call: () => Promise.reject(new Error('nothing is to be computed')) }
/** All that version 0.1.0 could measure: there is a finished run of every kind. */
const measuredThen = reading(
  copyOfArchive(),
  (database) => database.prepare('SELECT DISTINCT name FROM measurementColumns').pluck().all() as string[],
)

const runIds = stored('id').map(({ id }) => id as string)

describe.each([
  ['to be read', { readOnly: true }],
  ['to be written', { readOnly: false }],
])('an archive of version 0.1.0, opened %s', (_, options) => {
  let archive: Archive
  let path: string
  beforeAll(() => {
    path = copyOfArchive()
    archive = openArchive(path, options)
  })
  afterAll(() => archive.close())

  it('is brought to the newest version, in the file only where that may be written', () => {
    const database = new DatabaseConstructor(path, { readonly: true })
    expect(versionOf(database)).toBe(options.readOnly ? 1 : migrations.length)
    database.close()
  })

  it('has the content hashes that were stored, and nothing differs', () => {
    for (const { id, contentHash } of stored('id', 'contentHash') as { id: string; contentHash: string | null }[]) {
      expect({ id, ...archive.integrity.checkWhole(id) }).toEqual({
        id,
        hash: contentHash === null ? 'none' : 'same',
        findings: [],
      })
    }
  })

  it('lists every run where it was: bin, shelf and library, with tags and notes', () => {
    const listed = archive.runs.listRuns({ includeBinned: true })
    expect(listed.map(({ id }) => id).sort()).toEqual(runIds.toSorted())
    const named = (...names: string[]) => names.toSorted()
    const having = (has: (run: (typeof listed)[number]) => boolean) =>
      named(...listed.filter(has).map(({ name }) => name))
    expect(having(({ binnedAt }) => binnedAt !== null)).toEqual(['parabola, seed 0'])
    expect(having(({ archivedAt }) => archivedAt !== null)).toEqual(named('singularScalar, seed 0', 'float32, seed 0'))
    expect(having(({ tags }) => tags.includes('ünïcode tag'))).toEqual(named('adamw, seed 0', 'geometry, seed 0'))
    expect(having(({ parentStep }) => parentStep === 60)).toEqual([`${keptBranch.name}, seed 0`])
    expect(listed.filter(({ name }) => name === 'a uniform start')).toHaveLength(1)
    const annotated = listed.filter(({ id }) => archive.runs.run(id).notes !== '').map(({ name }) => name)
    expect(annotated).toEqual(['adamw, seed 0'])
  })

  it('reads every measurement and matrix, and exports every run in every format', async () => {
    for (const runId of runIds) {
      const { status, spec, measured } = archive.runs.run(runId)
      const curves = archive.curves.readCurves(runId, measured, {})
      for (const name of measured) expect(curves[name]?.step.length).toBeGreaterThan(0)
      for (const { step, matrices } of archive.snapshots.listSnapshots(runId)) {
        expect(matrices.map(({ name }) => name)).toContain('E')
        for (const { name } of matrices) archive.snapshots.readMatrix(runId, step, name)
      }
      // None of that version has batches, and so nothing is computed; nor is one on data from a file.
      for (const format of exportFormatNames.filter((name) => name !== 'batches' && name !== 'data')) {
        const { bytes } = await collectFile(exportRun(archive, runId, format, uncalled), 'nothing')
        expect(bytes.length).toBeGreaterThan(status === 'queued' ? 0 : 100)
      }
      expect(stepsOf(spec)).toBeGreaterThan(0)
    }
  })

  it('finds when each run memorized and grokked', () => {
    const { id } = archive.runs.listRuns().find(({ name }) => name === 'interventions, seed 0')!
    const { spec, events } = archive.runs.run(id)
    expect(spec.record).toMatchObject({ memorizeThreshold: 0.25, generalizeThreshold: 0.1 })
    expect(Object.keys(events)).toEqual(expect.arrayContaining(['memorized', 'generalized']))
  })
})

describe('the archive of version 0.1.0', () => {
  it('holds every kind of run of that version, stopped ones among them', () => {
    expect(keptExperiments.length).toBeGreaterThan(25)
    const all = (column: string) => [...new Set(stored(column).map((row) => row[column]))]
    const expected: Record<string, unknown[]> = {
      status: ['finished', 'failed', 'cancelled', 'paused', 'running', 'queued'],
      dynamics: ['training', 'isolated', 'zeroLossFlow', 'gradientFlow'],
      optimizer: ['gradientDescent', 'momentum', 'adamw', null],
      loss: ['meanSquaredError', 'crossEntropy', null],
      integrator: ['euler', 'heun', 'dormandPrince', null],
      initialization: ['normal', 'uniform', 'trained', 'file'],
      activation: ['relu', 'leakyRelu', 'quadratic', 'tanh', 'gelu', 'identity'],
      precision: ['float64', 'float32'],
    }
    for (const [column, values] of Object.entries(expected)) {
      expect([column, all(column).map(String).sort()]).toEqual([column, values.map(String).sort()])
    }
    const database = new DatabaseConstructor(copyOfArchive(), { readonly: true })
    expect(versionOf(database)).toBe(1)
    expect(database.prepare('SELECT count(DISTINCT runId) FROM hotRows').pluck().get()).toBeGreaterThan(0)
    database.close()
  })
})

describe('runs of version 0.1.0 that are gone on with', () => {
  let laboratory: Laboratory
  let archive: Archive
  /** A copy of it without what 0.1.0 did not measure. */
  let asMeasuredThen: Database
  let ended: { ids: readonly string[]; then: () => void }
  const ends = new Map<string, string>()
  /** The same specifications once more, as this version writes them: by the ids of the runs that were begun by 0.1.0. */
  const repeated = new Map<string, string>()
  const continued = Object.entries(kept.runs).filter(([, run]) => {
    const spec = keptExperiments.find(({ name }) => run.name.startsWith(`${name},`)) ?? keptBranch
    return kept.powers === powers() || !takesPowers(spec)
  })

  beforeAll(async () => {
    const archivePath = copyOfArchive()
    laboratory = openLaboratory({
      archivePath,
      cacheFolder: temporaryFolder(),
      startWorker: nodeWorkers(workerProgram),
      host: {
        chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
        chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
      },
      slots: 2,
      backend: { kind: 'wasm', threads: 1 },
    })
    laboratory.onRunEvents((events: readonly RunEvent[]) => {
      for (const event of events) if (event.type === 'settled') ends.set(event.runId, event.status)
      if (ended.ids.every((id) => ends.has(id))) ended.then()
    })
    const untilEnded = (ids: readonly string[]) => new Promise<void>((then) => (ended = { ids, then }))
    const all = untilEnded(continued.map(([runId]) => runId))
    for (const [runId, { steps }] of continued) laboratory.runs.resume([runId], steps)
    await all
    const short = continued.filter(([, { after }]) => after.step <= 100).map(([runId]) => runId)
    const { runIds: anew } = laboratory.experiments.rerun(short)
    short.forEach((runId, i) => repeated.set(runId, anew[i]!))
    await untilEnded(anew)
    await laboratory.close()
    archive = openArchive(archivePath, { readOnly: true })
    const copy = join(temporaryFolder(), 'measured-then.grokscope')
    copyFileSync(archivePath, copy)
    asMeasuredThen = new DatabaseConstructor(copy)
    const names = measuredThen.map((name) => `'${name}'`).join()
    asMeasuredThen.exec(`DELETE FROM measurementColumns WHERE name NOT IN (${names})`)
  })
  afterAll(() => [archive, asMeasuredThen].forEach((each) => each.close()))

  it('keep their specification as it was written, but for the number of steps', () => {
    for (const [runId] of continued) {
      const [before, after] = [copyOfArchive(), archive.path].map((path) => storedSpec(path, runId))
      const { steps } = archive.runs.summary(runId)
      expect(after).toBe(before!.replace(/"steps":\d+(?!.*"steps")/, `"steps":${steps}`))
    }
  })

  it.each(continued)('%s comes to the same bits in all that 0.1.0 measured', (runId, { name, after }) => {
    const { status, step } = archive.runs.summary(runId)
    const { contentHash } = runHashes(asMeasuredThen, runId)
    expect({ name, status, step, contentHash }).toEqual({ name, ...after })
    expect(archive.integrity.checkWhole(runId)).toEqual({ hash: 'same', findings: [] })
  })

  it('keep the version of their hash, which is over the names they were begun under', () => {
    for (const [runId] of continued) {
      expect(archive.runs.summary(runId).contentHashVersion).toBe(1)
      expect(storedSpec(archive.path, runId)).toContain('"memoriseThreshold"')
    }
  })

  it('are carried to other archives with the same hash, and known there when they come again', async () => {
    const carried = continued.map(([runId]) => runId)
    const hashes = (from: Archive) => {
      const runs = from.runs.listRuns({ includeBinned: true })
      return new Set(
        runs.map(({ contentHash, contentHashVersion }) => `${contentHash} of version ${contentHashVersion}`),
      )
    }
    const path = join(temporaryFolder(), 'exported.grokscope')
    await archive.exchange.exportRuns(carried, path)
    const other = openArchive(join(temporaryFolder(), 'other.grokscope'))
    expect(other.exchange.importRuns(path).refused).toEqual([])
    // Runs that are alike to the bit are one there.
    const those = carried.map((runId) => `${archive.runs.summary(runId).contentHash} of version 1`)
    expect(hashes(other)).toEqual(new Set(those))
    expect(other.exchange.importRuns(path)).toEqual({
      imported: [],
      alreadyPresent: carried,
      refused: [],
      ...noFigures,
    })
    other.close()
  })

  it('are recognized in what this version computes of the same specification, which it writes and hashes otherwise', () => {
    expect(repeated.size).toBeGreaterThan(20)
    for (const [former, anew] of repeated) {
      const [then, now] = [former, anew].map((runId) => archive.runs.summary(runId))
      expect(now).toMatchObject({ contentHashVersion: 2, specificationHash: then!.specificationHash })
      expect(now!.contentHash).not.toBe(then!.contentHash)
      expect(archive.runs.repetitions(former)).toContainEqual({ runId: anew, name: now!.name, agrees: true })
      expect(archive.runs.repetitions(anew)).toContainEqual({ runId: former, name: then!.name, agrees: true })
    }
  })

  it('are written and hashed under the names of today where they are begun anew', () => {
    const anew = openArchive(join(temporaryFolder(), 'anew.grokscope'))
    for (const [runId] of continued) {
      const { seed, ...shared } = archive.runs.run(runId).spec
      const [id] = anew.runs.createExperiment({ spec: { ...shared, seeds: [seed] } }).runIds
      expect(anew.runs.summary(id!).contentHashVersion).toBe(2)
      expect(storedSpec(anew.path, id!)).not.toMatch(/memoris|generalis/)
    }
    anew.close()
  })
})
