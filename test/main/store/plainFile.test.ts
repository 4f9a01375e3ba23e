import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../../src/main/store/migrations/migrate.ts'
import { eventsOf, measured, settled, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'
import { contents } from '../../support/openFiles.ts'
import { writerProcesses } from '../../support/writerProcess.ts'

const { folder, open } = temporaryArchives()
const startWriter = writerProcesses()
const version1 = join(import.meta.dirname, '../../support/archives/version1.grokscope')

function lookAtEverything(path: string) {
  const archive = open(path, { readOnly: true })
  const runs = archive.runs.listRuns()
  const read = runs.map(({ id, status }) => ({
    status,
    steps: [...archive.curves.readColumn(id, 'step')],
    snapshots: archive.snapshots.listSnapshots(id).map(({ step }) => archive.snapshots.readSnapshot(id, step)),
  }))
  archive.close()
  return read
}

/** An archive whose writer was killed at work, with what it stored last in its log; and further runs beside. */
async function killedArchive(
  others: ('paused' | 'queued')[] = [],
): Promise<{ path: string; runId: string; told: number }> {
  const path = join(folder(), 'archive.grokscope')
  const archive = open(path)
  const seeds = [0, ...others.map((_, i) => i + 1)]
  const [runId, ...otherIds] = archive.runs.createExperiment({ spec: smallSpec({ seeds }) }).runIds
  archive.applyEvents(eventsOf(runId!, [started, measured(0, { trainLoss: 0 })]))
  for (const [i, status] of others.entries()) {
    if (status === 'queued') continue
    archive.runs.setStatus(otherIds[i]!, 'running')
    archive.runs.setStatus(otherIds[i]!, status)
  }
  archive.close()
  const writer = await startWriter(path, runId!)
  await writer.kill()
  return { path, runId: runId!, told: Number(writer.said().at(-1)) }
}

function closedArchive(): string {
  const archive = open()
  const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
  archive.applyEvents(eventsOf(runId!, [started, measured(0, { trainLoss: 0 }), snapshot(0), settled()]))
  archive.close()
  return archive.path
}

describe('a closed archive', () => {
  it('is one plain file: no log, no lock, and its header says so', () => {
    const path = closedArchive()
    expect(readdirSync(dirname(path))).toEqual(['archive.grokscope'])
    expect([...readFileSync(path).subarray(18, 20)]).toEqual([1, 1])
  })

  it('stays one, to the byte, when it is read, and when it is opened to be written and closed it stays plain', () => {
    const path = closedArchive()
    const before = contents(path)
    expect(lookAtEverything(path)).toMatchObject([{ status: 'finished', steps: [0] }])
    expect(contents(path)).toEqual(before)
    open(path).close()
    expect(readdirSync(dirname(path))).toEqual(['archive.grokscope'])
  })

  it('keeps its log where a reader still looks at it, with everything in the file, and the next writer takes it up', () => {
    const writer = open()
    const [runId] = writer.runs.createExperiment({ spec: smallSpec() }).runIds
    const reader = open(writer.path, { readOnly: true })
    expect(reader.runs.listRuns()).toHaveLength(1)
    writer.applyEvents(eventsOf(runId!, [started, measured(0, { trainLoss: 0 }), settled()]))
    writer.close()
    expect(statSync(`${writer.path}-wal`).size).toBe(0)
    expect(existsSync(`${writer.path}.lock`)).toBe(false)
    expect(reader.runs.status(runId!)).toBe('finished')
    const copy = join(folder(), 'copy')
    copyFileSync(writer.path, copy)
    expect(lookAtEverything(copy)).toMatchObject([{ status: 'finished', steps: [0] }])
    reader.close()
    open(writer.path).close()
    expect(readdirSync(dirname(writer.path))).toEqual(['archive.grokscope'])
  })

  it('can be written while a reader has it open, and the reader sees what is written', () => {
    const path = closedArchive()
    const reader = open(path, { readOnly: true })
    expect(reader.runs.listRuns()).toHaveLength(1)
    const writer = open(path)
    writer.runs.createExperiment({ spec: smallSpec() })
    expect(reader.runs.listRuns()).toHaveLength(2)
  })
})

describe('reading leaves nothing beside, and reads everything that was stored, of', () => {
  it.each([
    ['log and shared memory', []],
    ['its log alone', ['-shm']],
  ])('an archive whose writer was killed, with %s', async (_, missing: string[]) => {
    const { path, told } = await killedArchive()
    const place = join(folder(), 'archive.grokscope')
    for (const end of ['', '-wal', '-shm', '.lock']) {
      if (!missing.includes(end)) copyFileSync(path + end, place + end)
    }
    const before = contents(place)
    const [run] = lookAtEverything(place)
    expect(run).toMatchObject({ status: 'interrupted' })
    expect(run!.steps.length).toBeGreaterThan(told)
    const { 'archive.grokscope-shm': memoryNow, ...after } = contents(place)
    const { 'archive.grokscope-shm': memory, ...files } = before
    expect(after).toEqual(files)
    expect(memoryNow === undefined).toBe(memory === undefined)
  })

  it('one that a program has open', async () => {
    const { path, runId } = await killedArchive()
    const archive = open(path)
    const before = readdirSync(dirname(path))
    const reader = open(path, { readOnly: true })
    expect(reader.runs.status(runId)).toBe('running')
    reader.close()
    expect(readdirSync(dirname(path))).toEqual(before)
    archive.close()
  })

  it('one of version 1, which says that it keeps a log and has none', () => {
    const path = join(folder(), 'archive.grokscope')
    copyFileSync(version1, path)
    const before = contents(path)
    expect(lookAtEverything(path)).toMatchObject([
      { status: 'finished', steps: [0, 5, 10, 15, 20, 25, 30, 35, 40] },
      { status: 'finished', steps: [0, 5, 10, 15, 20, 25, 30, 35, 40] },
    ])
    expect(contents(path)).toEqual(before)
  })

  it('one in a folder that may not be written', async () => {
    const { path, told } = await killedArchive()
    chmodSync(dirname(path), 0o555)
    try {
      expect(lookAtEverything(path)[0]!.steps.length).toBeGreaterThan(told)
    } finally {
      chmodSync(dirname(path), 0o755)
    }
  })
})

describe('an archive of version 1', () => {
  it('is opened to be written, with its runs, and closed as one plain file', () => {
    const path = join(folder(), 'archive.grokscope')
    copyFileSync(version1, path)
    const read = lookAtEverything(path)
    const archive = open(path)
    expect(archive.runs.listRuns()).toHaveLength(2)
    archive.close()
    expect(lookAtEverything(path)).toEqual(read)
    expect(readdirSync(dirname(path))).toEqual(['archive.grokscope'])
    expect(readFileSync(path).readInt32BE(60)).toBe(migrations.length)
  })

  it('that its program still has open is refused, and read as running', () => {
    const path = join(folder(), 'archive.grokscope')
    copyFileSync(version1, path)
    const program = new DatabaseConstructor(path)
    program.exec("UPDATE runs SET status = 'running' WHERE seed = 0")
    const lock = new DatabaseConstructor(`${path}.lock`)
    lock.exec('BEGIN EXCLUSIVE')
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'ARCHIVE_LOCKED' }))
    const statuses = () => lookAtEverything(path).map(({ status }) => status)
    expect(statuses()).toEqual(['running', 'finished'])
    lock.close()
    expect(statuses()).toEqual(['interrupted', 'finished'])
    program.close()
  })
})

describe('a run whose program is gone', () => {
  it('is interrupted for every reader, in lists, filters and alone; what waits goes on waiting', async () => {
    const { path, runId } = await killedArchive(['paused', 'queued'])
    const reader = open(path, { readOnly: true })
    expect(reader.runs.summary(runId).status).toBe('interrupted')
    expect(reader.runs.run(runId).status).toBe('interrupted')
    const seeds = (where: string) => reader.runs.listRuns({ where }).map(({ seed }) => seed)
    expect(seeds('status = interrupted')).toEqual([0, 1])
    expect(seeds('status = queued')).toEqual([2])
    expect([...seeds('status = running'), ...seeds('status = paused')]).toEqual([])
    expect(reader.runs.listRuns({ status: ['interrupted'] })).toHaveLength(2)
    expect(reader.runs.listRuns({ status: ['running'] })).toEqual([])
  })
})
