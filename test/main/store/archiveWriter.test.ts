import { spawnSync } from 'node:child_process'
import { copyFileSync, linkSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lockPathOf, takeLock } from '../../../src/main/store/archiveLock.ts'
import {
  claimArchive,
  heartbeatMilliseconds,
  isBeingWritten,
  livingWriter,
  lockedArchive,
  nameOfLog,
  refuseTakenPlace,
  releaseArchive,
  writerOf,
  type ArchiveWriter,
} from '../../../src/main/store/archiveWriter.ts'
import { identifyFile } from '../../../src/main/store/fileIdentity.ts'
import { temporaryArchives } from '../../support/archive.ts'

const archives = temporaryArchives()
/** A program that lives, and one that does not. */
const [alive, dead] = [process.ppid, spawnSync(process.execPath, ['--version']).pid]
const elsewhere = 'another host'

/** An archive that nobody writes, and what writes in it who does. */
function closedArchive() {
  const archive = archives.open()
  const { path } = archive
  archive.close()
  const open = (name = path): Database => {
    const database = new DatabaseConstructor(name)
    onTestFinished(() => void database.close())
    return database
  }
  const database = open()
  const enter = (changes: Partial<ArchiveWriter> = {}): ArchiveWriter => {
    const { device, inode } = identifyFile(path)!
    const own = { token: 'a', pid: alive, host: hostname(), since: Date.now(), path, device, inode, lockInode: '' }
    const writer = { ...own, ...changes }
    database
      .prepare(
        `INSERT OR REPLACE INTO writer (only, token, pid, host, since, path, device, inode, lockInode)
         VALUES (1, @token, @pid, @host, @since, @path, @device, @inode, @lockInode)`,
      )
      .run(writer)
    return writer
  }
  const lock = () => {
    const taken = takeLock(path)!
    onTestFinished(taken.release)
    return taken
  }
  return { path, database, open, enter, lock }
}

describe('the writer of an archive', () => {
  it('is what the archive says, of the file by whatever name, and of no copy', () => {
    const { path, database, open, enter } = closedArchive()
    expect(writerOf(database, path)).toBeUndefined()
    const writer = enter()
    expect(writerOf(database, path)).toMatchObject(writer)
    linkSync(path, `${path}-link`)
    expect(writerOf(database, `${path}-link`)).toMatchObject(writer)
    copyFileSync(path, `${path}-copy`)
    expect(writerOf(open(`${path}-copy`), `${path}-copy`)).toBeUndefined()
    expect(writerOf(database, `${path}-nowhere`)).toBeUndefined()
  })

  it('on this host has the device and the inode of the file, on another its inode: devices are numbered by each', () => {
    const { path, database, enter } = closedArchive()
    const found = (changes: Partial<ArchiveWriter>) => {
      enter(changes)
      return writerOf(database, path) !== undefined
    }
    const own = { host: hostname() }
    expect([found(own), found({ ...own, device: '1e9' }), found({ ...own, inode: '1e9' })]).toEqual([
      true,
      false,
      false,
    ])
    const other = { host: elsewhere }
    expect([found(other), found({ ...other, device: '1e9' }), found({ ...other, inode: '1e9' })]).toEqual([
      true,
      true,
      false,
    ])
  })
})

it('an archive from before writers were noted has none, and its log is its own', () => {
  const { path, database, enter, lock } = closedArchive()
  lock()
  writeFileSync(`${path}-wal`, '')
  const writer = enter()
  database.pragma('user_version = 2')
  expect(writerOf(database, path)).toMatchObject(writer)
  database.exec('DELETE FROM writer')
  expect(() => refuseTakenPlace(database, path)).toThrow('took the place')
  database.exec('DROP TABLE writer')
  database.pragma('user_version = 1')
  expect(writerOf(database, path)).toBeUndefined()
  refuseTakenPlace(database, path)
})

describe('the writer lives', () => {
  it('as long as its process, where its lock says nothing; one of this number that is not it, or was before the machine began, is gone', () => {
    const { path, database, enter } = closedArchive()
    const lives = (changes: Partial<ArchiveWriter>) => {
      enter(changes)
      expect(isBeingWritten(database, path)).toBe(livingWriter(database, path) !== undefined)
      return livingWriter(database, path) !== undefined
    }
    expect(lives({ pid: alive })).toBe(true)
    expect(lives({ pid: dead })).toBe(false)
    expect(lives({ pid: process.pid })).toBe(false)
    const start = Date.now() - 1000 * uptime()
    expect(lives({ pid: alive, since: start - 60_000 })).toBe(false)
    expect(lives({ pid: alive, since: start + 60_000 })).toBe(true)
  })

  it('also where its process is another user’s', () => {
    const { path, database, enter } = closedArchive()
    enter({ pid: dead })
    const { kill } = process
    onTestFinished(() => void (process.kill = kill))
    const refuseWith = (code: string) =>
      (process.kill = () => {
        throw Object.assign(new Error(code), { code })
      })
    refuseWith('EPERM')
    expect(livingWriter(database, path)).toBeDefined()
    refuseWith('ESRCH')
    expect(livingWriter(database, path)).toBeUndefined()
  })

  it('as long as it holds its lock, whatever its process, and is gone where that is free', () => {
    const { path, database, enter, lock } = closedArchive()
    const held = lock()
    const lives = () => livingWriter(database, path) !== undefined
    enter({ pid: dead, lockInode: held.inode! })
    expect([lives(), isBeingWritten(database, path)]).toEqual([true, true])
    // Whoever has taken the lock knows that nobody else does.
    expect(livingWriter(database, path, held)).toBeUndefined()
    enter({ pid: alive, lockInode: held.inode! })
    expect(livingWriter(database, path, held)).toBeUndefined()
    // A lock that is not that of the writer says nothing of it.
    enter({ pid: dead, lockInode: '1e9' })
    expect([lives(), isBeingWritten(database, path)]).toEqual([false, true])
    held.release()
    expect(isBeingWritten(database, path)).toBe(false)
    writeFileSync(lockPathOf(path), '')
    enter({ pid: alive, lockInode: identifyFile(lockPathOf(path))!.inode })
    expect(lives()).toBe(false)
  })

  it('on another host as long as it touches the archive now and then', () => {
    const { path, database, enter } = closedArchive()
    const writer = enter({ host: elsewhere, pid: dead })
    const livesAfter = (silence: number) => {
      const then = (Date.now() - silence) / 1000
      utimesSync(path, then, then)
      return livingWriter(database, path) !== undefined
    }
    const patience = 10 * heartbeatMilliseconds
    expect([0, patience - 60_000, patience + 1000].map(livesAfter)).toEqual([true, true, false])
    livesAfter(patience - 90_000)
    expect(lockedArchive(path, writer).message).toBe(
      `${path} is open in process ${dead} on host ${elsewhere}, and one process at a time may write in it; ` +
        'if that host is gone, it can be opened in 2 minutes, or a copy of it right away',
    )
    livesAfter(2 * patience)
    expect(lockedArchive(path, writer).message).toContain('in 1 minute, or')
  })
})

describe('who claims an archive', () => {
  it('is its writer until it releases it, in the place of one that was found gone', () => {
    const { path, database, enter, lock } = closedArchive()
    const held = lock()
    const file = identifyFile(path)!
    const gone = enter({ pid: alive, lockInode: '1e9' })
    expect(() => claimArchive(database, path, { lock: held, gone: undefined, file })).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_LOCKED', detail: { pid: alive, host: hostname(), path } }),
    )
    expect(writerOf(database, path)).toMatchObject({ token: gone.token })
    const writer = claimArchive(database, path, { lock: held, gone, file })
    const { device, inode } = file
    const own = { pid: process.pid, host: hostname(), path, device, inode, lockInode: held.inode }
    expect(writerOf(database, path)).toMatchObject({ ...own, token: writer.token })
    // By its token, though no other process of this number were it.
    expect(livingWriter(database, path, held)).toMatchObject(own)
    releaseArchive(database, { ...writer, token: 'another' })
    expect(livingWriter(database, path)).toMatchObject(own)
    releaseArchive(database, writer)
    expect(writerOf(database, path)).toBeUndefined()
    enter({ token: writer.token, pid: dead })
    expect(livingWriter(database, path)).toBeUndefined()
  })

  it('is named with its host, and with the name by which it has the archive where that is another', () => {
    const { path, enter } = closedArchive()
    const message = (writer?: ArchiveWriter) => lockedArchive(path, writer).message
    expect(message()).toBe(`${path} is open in another process`)
    const writes = `and one process at a time may write in it`
    expect(message(enter())).toBe(`${path} is open in process ${alive} on host ${hostname()}, ${writes}`)
    expect(message(enter({ path: '/b' }))).toBe(
      `${path} is open in process ${alive} on host ${hostname()} as "/b", ${writes}`,
    )
  })
})

describe('the log of an archive', () => {
  it('lies beside the name by which its writer has it, if it is there and the name leads to this file', () => {
    const { path, database, enter } = closedArchive()
    const name = `${path}-link`
    expect(nameOfLog(database, path)).toBe(path)
    enter()
    writeFileSync(`${path}-wal`, '')
    expect(nameOfLog(database, path)).toBe(path)
    enter({ path: name })
    linkSync(path, name)
    expect(nameOfLog(database, path)).toBe(path)
    writeFileSync(`${name}-wal`, '')
    expect(nameOfLog(database, path)).toBe(name)
  })

  it('that was left beside a former name must come along, unless its writer lives', () => {
    const { path, database, enter } = closedArchive()
    const former = `${path}-former`
    writeFileSync(`${former}-wal`, 'entries')
    enter({ path: former, pid: alive })
    expect(nameOfLog(database, path)).toBe(path)
    enter({ path: former, pid: dead })
    const message =
      `${path} was ${former}, where its latest entries are still in ${former}-wal: ` + `move that to ${path}-wal`
    expect(() => nameOfLog(database, path)).toThrow(expect.objectContaining({ code: 'ARCHIVE_MOVED', message }))
  })

  it('is not read into a file that was put in the place of an archive that is open', () => {
    const { path, database, open, enter, lock } = closedArchive()
    const refuse = () => refuseTakenPlace(database, path)
    const taken = expect.objectContaining({
      code: 'ARCHIVE_MOVED',
      message: `${path} took the place of an archive that another program still has open`,
    }) as Error
    refuse()
    const held = lock()
    refuse()
    writeFileSync(`${path}-wal`, '')
    expect(refuse).toThrow(taken)
    enter()
    refuse()
    // Of a copy the writer is said to be that of another file.
    copyFileSync(path, `${path}-copy`)
    renameSync(`${path}-copy`, path)
    expect(() => refuseTakenPlace(open(), path)).toThrow(taken)
    held.release()
    refuseTakenPlace(open(), path)
  })
})
