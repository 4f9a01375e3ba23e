import type * as FileSystem from 'node:fs'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SqliteError } from 'better-sqlite3'
import { afterEach, expect, it, vi } from 'vitest'
import { diskLimit } from '../../../src/main/store/diskLimit.ts'
import { explain } from '../../../src/main/store/sqliteFailures.ts'
import { diskLimits } from '../../../src/shared/errors.ts'
import { temporaryFolder } from '../../support/folders.ts'

/** What the system says as something is written. */
let failure: string | undefined
vi.mock('node:fs', async (original) => {
  const real = await original<typeof FileSystem>()
  const write: typeof real.writeFileSync = (path, data, options) => {
    real.writeFileSync(path, failure ? '' : data, options)
    if (failure) throw Object.assign(new Error('as the system says it'), { code: failure })
  }
  return { ...real, writeFileSync: write }
})
afterEach(() => {
  failure = undefined
  vi.restoreAllMocks()
})

/** A file of so many bytes, or one beside it. */
function fileOf(bytes: number, end = ''): string {
  const path = join(temporaryFolder(), 'a')
  writeFileSync(path + end, new Uint8Array(bytes))
  return path
}

function limitFiles(soft: number | 'unlimited' | undefined) {
  const userLimits = soft === undefined ? undefined : { file_size_blocks: { soft, hard: 'unlimited' } }
  vi.spyOn(process.report, 'getReport').mockReturnValue({ userLimits })
}

const megabyte = 2 ** 20

it('where a file may still grow there is none, and nothing is left beside it', () => {
  for (const soft of ['unlimited', undefined, 2 * megabyte] as const) {
    limitFiles(soft)
    const path = fileOf(megabyte)
    expect(diskLimit(path)).toBeUndefined()
    expect(readdirSync(dirname(path))).toEqual(['a'])
    failure = 'ENOSPC'
    expect(diskLimit(path)).toBe(diskLimits['ENOSPC'])
    failure = undefined
    vi.restoreAllMocks()
  }
})

it.each(['', '-wal', '-journal'])(
  'a file "%s" that may grow by less than a megabyte is told as one that is too large',
  (end) => {
    limitFiles(2 * megabyte)
    expect(diskLimit(fileOf(megabyte + 1, end))).toBe(diskLimits['EFBIG'])
  },
)

it('what the system says as it is tried is told, if it is a limit, and nothing is left', () => {
  const path = fileOf(0)
  for (const [code, words] of Object.entries({ ...diskLimits, EACCES: undefined })) {
    failure = code
    expect(diskLimit(path)).toBe(words)
    expect(readdirSync(dirname(path))).toEqual(['a'])
  }
  failure = undefined
  const nowhere = `${path}-folder/a`
  expect([diskLimit(nowhere), existsSync(nowhere)]).toEqual([undefined, false])
})

it('an error of the disk is told as that limit, where SQLite was writing', () => {
  const path = fileOf(0)
  const told = (code: string) => {
    try {
      return explain(path, () => {
        throw new SqliteError('disk I/O error', code)
      })
    } catch (error) {
      return error
    }
  }
  failure = 'ENOSPC'
  const full = { code: 'DISK_FULL', message: `${path} cannot grow: the disk is full`, detail: 'SQLITE_IOERR_WRITE' }
  expect(told('SQLITE_IOERR_WRITE')).toMatchObject(full)
  expect(told('SQLITE_IOERR_READ')).toMatchObject({ code: 'ARCHIVE_UNREADABLE' })
  failure = undefined
  expect(told('SQLITE_IOERR_WRITE')).toMatchObject({ code: 'ARCHIVE_UNREADABLE' })
})
