import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Dice } from '../dice.ts'
import { changeDatabase } from './looseDatabase.ts'

/** Changes what the file says of itself, or puts files beside it that SQLite would read with it. */
export function changeCompanions(path: string, dice: Dice): string {
  return dice.chance(0.5) ? changeHeader(path, dice) : addCompanion(path, dice)
}

/** Offset and width of a field of the header: sqlite.org/fileformat2.html, section 1.3. */
const fields: Record<string, readonly [offset: number, width: 1 | 2 | 4]> = {
  'page size': [16, 2],
  'write version': [18, 1],
  'read version': [19, 1],
  'reserved space': [20, 1],
  'maximum payload fraction': [21, 1],
  'change counter': [24, 4],
  'size in pages': [28, 4],
  'first free page': [32, 4],
  'free pages': [36, 4],
  'schema cookie': [40, 4],
  'schema format': [44, 4],
  'cache size': [48, 4],
  'largest root page': [52, 4],
  'text encoding': [56, 4],
  user_version: [60, 4],
  'incremental vacuum': [64, 4],
  application_id: [68, 4],
  'version-valid-for': [92, 4],
}

function changeHeader(path: string, dice: Dice): string {
  const bytes = readFileSync(path)
  const [name, [offset, width]] = dice.pick(Object.entries(fields))
  const before = bytes.readUIntBE(offset, width)
  const most = 2 ** (8 * width) - 1
  const value = dice.pick([0, 1, 2, 3, before + 1, before - 1, 512, most, dice.integer(0, 2 ** 31 - 1)])
  bytes.writeUIntBE(Math.min(most, Math.max(0, value)), offset, width)
  writeFileSync(path, bytes)
  return `${name} from ${before} to ${value}`
}

function addCompanion(path: string, dice: Dice): string {
  const noise = () => dice.bytes(dice.pick([0, 1, 32, 100, 4096, 10_000]))
  const write = (suffix: string, bytes: Buffer) => writeFileSync(path + suffix, bytes)
  const ways: Record<string, () => void> = {
    'a log of noise': () => write('-wal', noise()),
    'a journal of noise': () => write('-journal', noise()),
    'an index of noise': () => (write('-wal', Buffer.alloc(0)), write('-shm', noise())),
    'a lock of noise': () => write('.lock', noise()),
    'the log of another writer': () => write('-wal', unfinishedLog(path)),
    'the log of another writer, cut': () => {
      const log = unfinishedLog(path)
      write('-wal', log.subarray(0, dice.integer(0, log.length)))
    },
    'the log of another writer, a bit flipped': () => {
      const log = unfinishedLog(path)
      log[dice.integer(0, log.length - 1)]! ^= 1 << dice.integer(0, 7)
      write('-wal', log)
    },
    'the journal of another writer': () => write('-journal', unfinishedJournal(path)),
    'the journal of another writer, which the header asks for': () => {
      const journal = unfinishedJournal(path)
      const bytes = readFileSync(path)
      bytes.fill(1, 18, 20)
      writeFileSync(path, bytes)
      write('-journal', journal)
    },
  }
  const [what, add] = dice.pick(Object.entries(ways))
  add()
  return what
}

const otherwise =
  "UPDATE latest SET value = 0.5; UPDATE runs SET step = step + 1; UPDATE documents SET notes = 'of another'"

/** What SQLite would take over from a writer that changed a copy and died. */
function unfinishedLog(path: string): Buffer {
  return onCopy(path, (copy) =>
    changeDatabase(copy, (database) => {
      database.pragma('journal_mode = WAL')
      database.exec(otherwise)
      return readFileSync(`${copy}-wal`)
    }),
  )
}

/** What SQLite would take back for a writer that was changing a copy and died. */
function unfinishedJournal(path: string): Buffer {
  return onCopy(path, (copy) =>
    changeDatabase(copy, (database) => {
      database.pragma('journal_mode = DELETE')
      database.exec(otherwise)
      // Pages that do not fit into the cache are written before the end, and the journal before them.
      database.pragma('cache_size = 1')
      database.pragma('cache_spill = 1')
      database.exec('BEGIN; UPDATE runs SET step = step - 1; UPDATE chunks SET missing = 0')
      const journal = readFileSync(`${copy}-journal`)
      database.exec('ROLLBACK')
      return journal
    }),
  )
}

function onCopy<Output>(path: string, act: (copy: string) => Output): Output {
  const copy = `${path}.copy`
  copyFileSync(path, copy)
  try {
    return act(copy)
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(copy + suffix, { force: true })
  }
}
