import {
  closeSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join, relative } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { eventsOf, measured, settled, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'
import { refusal } from '../../support/refusal.ts'
import { writerProcesses } from '../../support/writerProcess.ts'

const { folder, open } = temporaryArchives()
const startWriter = writerProcesses()
const version1 = join(import.meta.dirname, '../../support/archives/version1.grokscope')

/** A closed archive with a run that has begun. */
function begunRun(): { path: string; runId: string } {
  const archive = open()
  const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
  archive.applyEvents(eventsOf(runId!, [started, measured(0, { trainLoss: 0 }), snapshot(0)]))
  archive.close()
  return { path: archive.path, runId: runId! }
}

/** Everything beside the archive that is not the archive. */
const beside = (path: string) => readdirSync(dirname(path)).filter((name) => /-wal|-shm|-journal|\.lock/.test(name))

/** Other names of one archive, in its folder and elsewhere. */
const names: Record<string, (path: string) => string> = {
  'its own name': (path) => path,
  'a relative path': (path) => relative(process.cwd(), path),
  'a symbolic link': (path) => linked(symlinkSync, path, `${path}-link`),
  'a link to a link': (path) => linked(symlinkSync, linked(symlinkSync, path, `${path}-1`), `${path}-2`),
  'a hard link': (path) => linked(linkSync, path, `${path}-hard`),
  'a hard link in another folder': (path) => {
    mkdirSync(join(dirname(path), 'elsewhere'))
    return linked(linkSync, path, join(dirname(path), 'elsewhere', 'b'))
  },
  'a path through a linked folder': (path) =>
    join(linked(symlinkSync, dirname(path), `${path}-folder`), 'archive.grokscope'),
}

function linked(link: (target: string, name: string) => void, target: string, name: string): string {
  link(target, name)
  return name
}

describe.each(Object.entries(names))('by %s', (_, name) => {
  it('an archive has one writer, also where its lock was deleted; once killed, the next has all it stored', async () => {
    const { path, runId } = begunRun()
    const writer = await startWriter(path, runId)
    const other = name(path)
    const refused = {
      code: 'ARCHIVE_LOCKED',
      message: expect.stringContaining(`is open in process ${writer.pid} on host ${hostname()}`) as string,
    }
    expect(refusal(() => open(other))).toMatchObject(refused)
    rmSync(`${path}.lock`)
    expect(refusal(() => open(other))).toMatchObject(refused)
    expect(refusal(() => open(other))).toMatchObject(refused)
    const early = open(other, { readOnly: true })
    expect(early.runs.status(runId)).toBe('running')
    early.close()
    expect(beside(other).filter((file) => !file.startsWith('archive.grokscope-'))).toEqual([])

    await writer.kill()
    const told = Number(writer.said().at(-1))
    const reader = open(other, { readOnly: true })
    expect(reader.runs.status(runId)).toBe('interrupted')
    expect(reader.curves.readColumn(runId, 'step').length).toBeGreaterThan(told)
    reader.close()
    const next = open(other)
    expect(next.curves.readColumn(runId, 'step').length).toBeGreaterThan(told)
    next.close()
    expect(beside(path)).toEqual([])
    expect(open(path).curves.readColumn(runId, 'step').length).toBeGreaterThan(told)
  })
})

describe('of programs that come at once by different names', () => {
  it.each(['this version', 'version 1'])('one is let in, to an archive of %s', { repeats: 2 }, async (version) => {
    const path = version === 'version 1' ? join(folder(), 'archive.grokscope') : begunRun().path
    if (version === 'version 1') copyFileSync(version1, path)
    const others = ['a hard link', 'a hard link in another folder', 'a symbolic link'].map((kind) => names[kind]!(path))
    // Where each keeps the log from the others to the last, all are turned away, and may come again.
    let opened = 0
    for (let round = 0; round < 20 && opened === 0; round++) {
      const gate = `${path}-gate${round}`
      const writers = await Promise.all([path, ...others].map((name) => startWriter(name, 'hold', gate)))
      writeFileSync(gate, '')
      await Promise.all(writers.map((writer) => writer.tells(2)))
      const said = writers.map((writer) => writer.said()[1]!.split(' ')[0])
      opened = said.filter((word) => word === 'open').length
      expect(opened).toBeLessThanOrEqual(1)
      expect(said.filter((word) => word === 'ARCHIVE_LOCKED').length).toBe(said.length - opened)
    }
    expect(opened).toBe(1)
  })
})

describe('an archive that nobody refers to any more', () => {
  it('stays locked until its process ends', async () => {
    const path = join(folder(), 'archive.grokscope')
    const writer = await startWriter(path, 'hold')
    expect(refusal(() => open(path)).code).toBe('ARCHIVE_LOCKED')
    await writer.kill()
    expect(open(path).runs.listRuns()).toEqual([])
  })
})

describe('a writer that was killed', () => {
  it('is told from a living process that has its number now', async () => {
    const path = join(folder(), 'archive.grokscope')
    const writer = await startWriter(path, 'hold')
    await writer.kill()
    edit(path, `UPDATE writer SET pid = ${process.ppid}`)
    expect(open(path).runs.listRuns()).toEqual([])
  })

  it('before the machine was started anew is known to be gone without its lock', async () => {
    const path = join(folder(), 'archive.grokscope')
    const writer = await startWriter(path, 'hold')
    // As long as a writer lives, no other file can get the number of its lock.
    const kept = openSync(`${path}.lock`, 'r')
    await writer.kill()
    rmSync(`${path}.lock`)
    edit(path, `UPDATE writer SET pid = ${process.ppid}`)
    expect(refusal(() => open(path)).message).toContain(`is open in process ${process.ppid}`)
    closeSync(kept)
    edit(path, 'UPDATE writer SET since = 0')
    expect(open(path).runs.listRuns()).toEqual([])
  })

  it('leaves its log to the file, wherever that was moved', async () => {
    const { path, runId } = begunRun()
    const writer = await startWriter(path, runId)
    await writer.kill()
    const moved = `${path}-moved`
    renameSync(path, moved)
    for (const readOnly of [true, false]) {
      const { code, message } = refusal(() => open(moved, { readOnly }))
      expect([code, message]).toEqual(['ARCHIVE_MOVED', expect.stringContaining(`move that to ${moved}-wal`)])
    }
    // A new archive in the old place must not swallow it either.
    expect(refusal(() => open(path)).message).toContain(`the log beside it, ${path}-wal`)
    renameSync(`${path}-wal`, `${moved}-wal`)
    expect(open(moved).curves.readColumn(runId, 'step').length).toBeGreaterThan(Number(writer.said().at(-1)))
  })
})

describe('a writer that was killed while it took its log into the file', () => {
  /** An archive whose file says already how long it will be, but is not that long yet. */
  async function tornArchive(): Promise<{ path: string; runId: string; told: number }> {
    const { path, runId } = begunRun()
    const writer = await startWriter(path, runId)
    await writer.kill()
    const file = openSync(path, 'r+')
    const size = new DataView(new ArrayBuffer(4))
    size.setUint32(0, 1_000_000)
    writeSync(file, size, 0, 4, 28)
    closeSync(file)
    return { path, runId, told: Number(writer.said().at(-1)) }
  }

  it.each(Object.entries(names))('leaves it whole by %s', async (_, name) => {
    for (const readOnly of [true, false]) {
      const { path, runId, told } = await tornArchive()
      const archive = open(name(path), { readOnly })
      expect(archive.curves.readColumn(runId, 'step').length).toBeGreaterThan(told)
      archive.close()
    }
  })

  it('is told where it was moved without its log', async () => {
    const { path } = await tornArchive()
    renameSync(path, `${path}-moved`)
    for (const readOnly of [true, false]) {
      expect(refusal(() => open(`${path}-moved`, { readOnly })).code).toBe('ARCHIVE_MOVED')
    }
  })

  it('is told from damage', async () => {
    const { path } = await tornArchive()
    rmSync(`${path}-wal`)
    for (const readOnly of [true, false]) {
      expect(refusal(() => open(path, { readOnly })).code).toBe('ARCHIVE_UNREADABLE')
    }
  })
})

describe('a writer on another host', () => {
  async function foreignWriter(): Promise<string> {
    const path = join(folder(), 'archive.grokscope')
    const writer = await startWriter(path, 'hold')
    await writer.kill()
    edit(path, "UPDATE writer SET pid = 123, host = 'elsewhere'")
    return path
  }

  it('is told in words, with what to do if that host is gone', async () => {
    const path = await foreignWriter()
    const { code, message } = refusal(() => open(path))
    expect(code).toBe('ARCHIVE_LOCKED')
    expect(message).toMatch(/is open in process 123 on host elsewhere, .*; if that host is gone, .* in 5 minutes/)
    const copy = join(folder(), 'copy')
    copyFileSync(path, copy)
    expect(open(copy).runs.listRuns()).toEqual([])
  })

  it('is gone where nothing was heard of it for long, and notices that another took its place', async () => {
    const path = await foreignWriter()
    const old = new Date(Date.now() - 600_000)
    utimesSync(path, old, old)
    const archive = open(path)
    edit(path, "UPDATE writer SET token = 'x', pid = 7, host = 'third'")
    expect(refusal(() => archive.runs.createExperiment({ spec: smallSpec() }))).toMatchObject({
      code: 'ARCHIVE_LOCKED',
      message: expect.stringContaining('is open in process 7 on host third') as string,
    })
    expect(archive.runs.listRuns()).toEqual([])
  })
})

/** Behind the back of the program. */
function edit(path: string, sql: string): void {
  const database = new DatabaseConstructor(path)
  database.exec(sql)
  database.close()
}

interface Fate {
  befall(path: string, other: string): void
  /** What its new name adds to the old. */
  kept?: string
  /** Whether the other archive lies there then. */
  inItsPlace?: boolean
  isOverwritten?: boolean
}

/** What may happen to the file of an open archive. */
const fates: Record<string, Fate> = {
  'is deleted': { befall: (path) => rmSync(path) },
  'is moved': { befall: (path) => renameSync(path, `${path}-moved`), kept: '-moved' },
  'is replaced by a file that is moved there': {
    befall(path, other) {
      copyFileSync(other, `${path}-new`)
      renameSync(`${path}-new`, path)
    },
    inItsPlace: true,
  },
  'is overwritten in place': {
    befall: (path, other) => copyFileSync(other, path),
    inItsPlace: true,
    isOverwritten: true,
  },
  'is emptied': { befall: (path) => writeFileSync(path, ''), isOverwritten: true },
  'is moved and another put there': {
    befall(path, other) {
      renameSync(path, `${path}-moved`)
      copyFileSync(other, path)
    },
    kept: '-moved',
    inItsPlace: true,
  },
}

describe.each(Object.entries(fates))(
  'an archive that %s while it is open',
  (_, { befall, kept, inItsPlace, isOverwritten }) => {
    function otherArchive(): string {
      const other = open()
      other.runs.createExperiment({ spec: smallSpec({ name: 'other', seeds: [7] }) })
      other.close()
      return other.path
    }

    it('is noticed before anything is written, by a batch of a process at work', async () => {
      const { path, runId } = begunRun()
      const other = otherArchive()
      const writer = await startWriter(path, runId)
      befall(path, other)
      await writer.ended()
      expect(writer.said().at(-1)).toMatch(/^ARCHIVE_MOVED .* while it was open$/)
      const told = Number(writer.said().at(-2))
      expect(beside(path)).toEqual([])
      if (inItsPlace)
        expect(
          open(path)
            .runs.listRuns()
            .map(({ seed }) => seed),
        ).toEqual([7])
      if (kept) expect(open(path + kept).curves.readColumn(runId, 'step').length).toBeGreaterThan(told)
    })

    it('is noticed by everything a person can write, and can still be looked at', () => {
      const { path, runId } = begunRun()
      const archive = open(path)
      archive.runs.end([runId], { status: 'interrupted', error: { code: 'WORKER_DIED', message: '' } })
      befall(path, otherArchive())
      const writes: ((archive: Archive) => unknown)[] = [
        ({ library }) => library.rename(runId, 'x'),
        ({ library }) => library.annotate(runId, 'x'),
        ({ library }) => library.tag([runId], { add: ['x'] }),
        ({ library }) => library.move([runId], 'bin'),
        ({ library, runs }) => library.renameExperiment(runs.summary(runId).experimentId, 'x'),
        ({ runs }) => runs.createExperiment({ spec: smallSpec() }),
        ({ runs }) => runs.requeue(runId),
        ({ runs }) => runs.setStatus(runId, 'queued'),
        ({ runs }) => runs.markInterrupted(),
        ({ exchange }) => exchange.importRuns(otherArchive()),
        (all) => all.applyEvents(eventsOf(runId, [settled()], 5)),
        (all) => all.replaceEvents(runId, eventsOf(runId, [settled()])),
      ]
      // What is read of a file that was overwritten makes no sense any more; a write that reads first may stumble there.
      const codes = isOverwritten ? ['ARCHIVE_MOVED', 'ARCHIVE_UNREADABLE', 'NOT_FOUND'] : ['ARCHIVE_MOVED']
      for (const write of writes) expect(codes).toContain(refusal(() => write(archive)).code)
      if (!isOverwritten)
        expect(archive.runs.run(runId)).toMatchObject({ status: 'interrupted', name: 'small, seed 0', tags: [] })
      archive.close()
      expect(beside(path)).toEqual([])
    })
  },
)

describe('an archive that is only touched', () => {
  it('goes on being written', () => {
    const { path, runId } = begunRun()
    const archive = open(path)
    utimesSync(path, new Date(), new Date(Date.now() + 5000))
    archive.library.rename(runId, 'still here')
    expect(archive.runs.summary(runId).name).toBe('still here')
  })
})

describe('two runs of two programs', () => {
  it('are both there when both have finished', async () => {
    const { path, runId } = begunRun()
    const writer = await startWriter(path, runId)
    const hard = linked(linkSync, path, `${path}-hard`)
    expect(refusal(() => open(hard)).code).toBe('ARCHIVE_LOCKED')
    await writer.kill()
    const second = open(hard)
    const [otherId] = second.runs.createExperiment({ spec: smallSpec({ seeds: [9] }) }).runIds
    second.applyEvents(eventsOf(otherId!, [started, measured(1, { trainLoss: 1 }), settled()]))
    second.close()
    const both = open(path)
    expect(
      both.runs
        .listRuns()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([runId, otherId].sort())
    expect(both.curves.readColumn(runId, 'step').length).toBeGreaterThan(Number(writer.said().at(-1)))
  })
})

it.each([
  ['a file', (lock: string) => writeFileSync(lock, 'what somebody calls the lock of a door\n'.repeat(40))],
  ['a folder', (lock: string) => void mkdirSync(lock)],
])('%s that is no lock, where that belongs, is named, and not called the archive', (_, make) => {
  const { path } = begunRun()
  make(`${path}.lock`)
  const { code, message } = refusal(() => open(path))
  expect([code, message]).toEqual([
    'ARCHIVE_UNREADABLE',
    `${path}.lock has the name of the archive’s lock but is not a lock: move it away`,
  ])
  expect(open(path, { readOnly: true }).runs.countRuns()).toBe(1)
})
