import type * as FileSystem from 'node:fs'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { takeLock } from '../../../src/main/store/archiveLock.ts'
import {
  doesKeepLog,
  isOpenHere,
  nameOpenHere,
  noteOpen,
  openDirectly,
  openTaken,
  openTemporary,
  openToRead,
  openWithoutLog,
  refuseForeignLog,
} from '../../../src/main/store/openToRead.ts'
import { filesOpenHere, temporaryFolder } from '../../support/folders.ts'
import { contents, killedChange, numbersIn, openBeside, storedNumber } from '../../support/openFiles.ts'

/** What happens to a file as it is about to be copied. */
let onCopy: ((path: string) => void) | undefined
/** Where files were copied to. */
const copies: string[] = []
vi.mock('node:fs', async (original) => {
  const real = await original<typeof FileSystem>()
  const copy: typeof real.copyFileSync = (from, to) => {
    copies.push(String(to))
    onCopy?.(String(from))
    real.copyFileSync(from, to)
  }
  return { ...real, copyFileSync: copy }
})
afterEach(() => {
  onCopy = undefined
  const ofProgram = copies.splice(0).filter((path) => !basename(dirname(path)).startsWith('grokscope-test-'))
  expect(ofProgram.filter((path) => existsSync(dirname(path)))).toEqual([])
  expect(filesOpenHere().filter((name) => ofProgram.some((path) => name.startsWith(path)))).toEqual([])
})

/** A database of one table with 1, in one plain file; and where `inLog` is there, that too in a log beside it that no program keeps. */
function storedNumbers({ inLog, ends = ['', '-wal'] }: { inLog?: number; ends?: string[] } = {}): string {
  const path = storedNumber()
  if (inLog === undefined) return path
  const database = new DatabaseConstructor(path)
  database.pragma('journal_mode = WAL')
  database.exec(`INSERT INTO numbers VALUES (${inLog})`)
  const left = join(temporaryFolder(), 'a')
  for (const end of ends) copyFileSync(path + end, left + end)
  database.close()
  return left
}

function readNumbers(path: string) {
  const { database, close } = openToRead(path)
  const read = { numbers: numbersIn(database), inPlace: database.name === path }
  if (!read.inPlace) expect(database.pragma('journal_mode', { simple: true })).toBe('delete')
  close()
  return read
}

describe('a database that is read', () => {
  it('is read in its place where it is one plain file, which is left as it was', () => {
    const path = storedNumbers()
    const before = contents(path)
    expect(readNumbers(path)).toEqual({ numbers: [1], inPlace: true })
    expect(contents(path)).toEqual(before)
  })

  it.each([
    ['its log alone', ['', '-wal'], [1, 2]],
    ['its log lost, but what others share of it there', ['', '-shm'], [1]],
    ['neither', [''], [1]],
  ])(
    'is read in a copy where no program keeps its log, with %s, and everything is left as it was',
    (_, ends, numbers) => {
      const path = storedNumbers({ inLog: 2, ends })
      const before = contents(path)
      expect(readNumbers(path)).toEqual({ numbers, inPlace: false })
      expect(contents(path)).toEqual(before)
    },
  )

  it('is read in its place where all that SQLite needs for its log is there', () => {
    const path = storedNumbers({ inLog: 2, ends: ['', '-wal', '-shm'] })
    expect(readNumbers(path)).toEqual({ numbers: [1, 2], inPlace: true })
    expect(readdirSync(dirname(path))).toHaveLength(3)
  })

  it('is read in its place where a program holds its lock, or it is open in this one', () => {
    const held = storedNumbers({ inLog: 2 })
    const lock = takeLock(held)!
    expect(readNumbers(held)).toEqual({ numbers: [1, 2], inPlace: true })
    lock.release()
    const open = storedNumbers({ inLog: 2 })
    const noteClosed = noteOpen(open)
    expect(readNumbers(open)).toEqual({ numbers: [1, 2], inPlace: true })
    noteClosed()
  })

  it('is read in a copy where a program was killed as it wrote, without what that had not finished', () => {
    const killed = killedChange()
    const before = contents(killed)
    expect(readNumbers(killed)).toEqual({ numbers: [1], inPlace: false })
    expect(contents(killed)).toEqual(before)
  })

  it('cannot be written, nor runs what is defined in it, and no file of it stays open', () => {
    const path = storedNumbers()
    const { database, close } = openDirectly(path)
    expect(database.pragma('trusted_schema', { simple: true })).toBe(0)
    expect(() => database.exec('DELETE FROM numbers')).toThrow('readonly')
    expect([isOpenHere(path), database.open]).toEqual([true, true])
    close()
    expect([isOpenHere(path), database.open, openBeside(path)]).toEqual([false, false, []])
  })

  it('that is none is told so, with no file left open', () => {
    const path = join(temporaryFolder(), 'a')
    writeFileSync(path, 'no database, and longer than the header of one: '.repeat(40))
    for (const open of [openDirectly, openToRead]) {
      expect(() => open(path)).toThrow(expect.objectContaining({ code: 'SQLITE_NOTADB' }))
    }
    expect([isOpenHere(path), openBeside(path), copies]).toEqual([false, [], []])
  })
})

describe('a copy', () => {
  it('is made anew where the file was written meanwhile', () => {
    const path = storedNumbers({ inLog: 2 })
    const other = storedNumbers({ inLog: 3 })
    let isReplaced = false
    onCopy = (from) => {
      if (from !== `${path}-wal` || isReplaced) return
      isReplaced = true
      for (const end of ['', '-wal']) copyFileSync(other + end, path + end)
    }
    expect(readNumbers(path)).toEqual({ numbers: [1, 3], inPlace: false })
    expect(isReplaced).toBe(true)
  })

  it('is given up where the file is written time and again', () => {
    const path = storedNumbers({ inLog: 2 })
    let times = 0
    onCopy = (from) => {
      if (from !== path) return
      times++
      appendFileSync(`${path}-wal`, 'more')
    }
    expect(() => openToRead(path)).toThrow(
      expect.objectContaining({
        code: 'ARCHIVE_LOCKED',
        message: `${path} is being written by a program that does not keep its lock`,
      }),
    )
    expect(times).toBe(3)
  })

  it.each([
    ['ENOSPC', 'DISK_FULL', 'the disk is full'],
    ['EACCES', 'ARCHIVE_UNREADABLE', 'permission denied'],
  ])('that cannot be made, %s, is told as one', (code, told, why) => {
    const path = storedNumbers({ inLog: 2 })
    onCopy = () => {
      throw Object.assign(new Error(why), { code })
    }
    expect(() => openToRead(path)).toThrow(
      expect.objectContaining({
        code: told,
        message: expect.stringMatching(`^${path} cannot be copied to \\S+, to be read there: ${why}$`) as string,
      }),
    )
  })
})

describe('a temporary file', () => {
  /** The folders in which temporary files were made. */
  const ours: string[] = []
  const make = (write: (path: string) => void) => (path: string) => {
    ours.push(dirname(path))
    write(path)
  }
  const left = () => ours.filter((folder) => existsSync(folder))

  it('is there until it is closed', () => {
    const { database, close } = openTemporary(make((path) => copyFileSync(storedNumbers(), path)))
    expect([numbersIn(database), left()]).toEqual([[1], [dirname(database.name)]])
    close()
    expect([database.open, left()]).toEqual([false, []])
  })

  it('goes as well where it cannot be made, or is no database', () => {
    const refuse = () => {
      throw new Error('no room')
    }
    expect(() => openTemporary(make(refuse))).toThrow('no room')
    expect(() => openTemporary(make((path) => writeFileSync(path, 'no database at all: '.repeat(40))))).toThrow(
      'not a database',
    )
    expect([ours.length > 1, left()]).toEqual([true, []])
  })

  it('may be one that was made elsewhere, which is there no more', () => {
    const path = storedNumbers()
    const { database, close } = openTaken(path)
    expect([numbersIn(database), existsSync(path), database.name === path]).toEqual([[1], false, false])
    close()
  })

  it('is the file without its log, however long that says it is', () => {
    const path = storedNumbers({ inLog: 2 })
    const { database, close } = openWithoutLog(path)
    expect([numbersIn(database), database.pragma('journal_mode', { simple: true })]).toEqual([[1], 'delete'])
    close()
    // As a program leaves it that is killed while it takes its log into the file.
    const bytes = readFileSync(path)
    bytes.writeUInt32BE(1000, 28)
    writeFileSync(path, bytes)
    const cut = openWithoutLog(path)
    expect(numbersIn(cut.database)).toEqual([1])
    cut.close()
    expect(readFileSync(path)).toEqual(bytes)
  })
})

describe('a file that is open here', () => {
  it('is so by each of its names, until it is closed as often as it was opened', () => {
    const path = storedNumbers()
    const other = `${path}-other`
    linkSync(path, other)
    const [first, second] = [noteOpen(path), noteOpen(path)]
    expect([nameOpenHere(other), nameOpenHere(path), isOpenHere(other)]).toEqual([path, path, true])
    first()
    expect([nameOpenHere(other), isOpenHere(path)]).toEqual([path, true])
    second()
    expect([nameOpenHere(other), isOpenHere(path)]).toEqual([other, false])
    const third = noteOpen(other)
    expect(nameOpenHere(path)).toBe(other)
    third()
  })

  it('and was moved is refused by its new name, and another in its place is not open', () => {
    const path = storedNumbers()
    const moved = `${path}-moved`
    const noteClosed = noteOpen(path)
    renameSync(path, moved)
    expect(() => nameOpenHere(moved)).toThrow(
      expect.objectContaining({
        code: 'ARCHIVE_MOVED',
        message: `${moved} is still open in this program as ${path}, from where it was moved: close it there first`,
      }),
    )
    copyFileSync(moved, path)
    expect([nameOpenHere(path), isOpenHere(path)]).toEqual([path, false])
    noteClosed()
    expect([nameOpenHere(moved), isOpenHere(moved)]).toEqual([moved, false])
  })

  it('and is not there is known by its name', () => {
    const path = join(temporaryFolder(), 'a')
    const noteClosed = noteOpen(path)
    expect([isOpenHere(path), isOpenHere(`${path}b`), nameOpenHere(`${path}b`)]).toEqual([true, false, `${path}b`])
    noteClosed()
    expect(isOpenHere(path)).toBe(false)
  })
})

describe('a log beside a file', () => {
  /** A file that keeps no log beside one that is another’s. */
  function besideForeignLog(): string {
    const path = storedNumbers()
    copyFileSync(`${storedNumbers({ inLog: 2 })}-wal`, `${path}-wal`)
    return path
  }

  it('that is another’s is refused, whoever would read or write', () => {
    const path = besideForeignLog()
    const refusal = expect.objectContaining({
      code: 'ARCHIVE_MOVED',
      message: `${path} does not belong to the log beside it, ${path}-wal: move that away first`,
    }) as Error
    expect(() => refuseForeignLog(path)).toThrow(refusal)
    expect(() => openToRead(path)).toThrow(refusal)
  })

  it('is its own where it keeps one, where a program has its lock, and where it is open here', () => {
    expect(() => refuseForeignLog(storedNumbers({ inLog: 2 }))).not.toThrow()
    const path = besideForeignLog()
    const lock = takeLock(path)!
    expect(() => refuseForeignLog(path)).not.toThrow()
    lock.release()
    const noteClosed = noteOpen(path)
    expect(() => refuseForeignLog(path)).not.toThrow()
    noteClosed()
    expect(() => refuseForeignLog(path)).toThrow('move that away first')
  })

  it('is none where nothing is in it, or it is a folder', () => {
    const path = storedNumbers()
    expect(() => refuseForeignLog(path)).not.toThrow()
    writeFileSync(`${path}-wal`, '')
    expect(() => refuseForeignLog(path)).not.toThrow()
    rmSync(`${path}-wal`)
    mkdirSync(`${path}-wal`)
    expect(() => refuseForeignLog(path)).not.toThrow()
  })

  it('is kept by a file that says so, and by none that is not there', () => {
    const open = openBeside('/').length
    expect([storedNumbers({ inLog: 2 }), storedNumbers(), join(temporaryFolder(), 'a')].map(doesKeepLog)).toEqual([
      true,
      false,
      false,
    ])
    expect(openBeside('/')).toHaveLength(open)
  })
})
