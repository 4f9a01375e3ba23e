import type * as FileSystem from 'node:fs'
import { chmodSync, constants, existsSync, linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { locateForReading, locateForWriting } from '../../../src/main/store/locateArchive.ts'
import { temporaryFolder } from '../../support/folders.ts'

/** What this user may not do where; the one that tests may do all. */
let denied: { path: string; mode: number } | undefined
vi.mock('node:fs', async (original) => {
  const real = await original<typeof FileSystem>()
  const accessSync: typeof real.accessSync = (path, mode) => {
    if (path === denied?.path && mode === denied.mode) throw Object.assign(new Error('denied'), { code: 'EACCES' })
    real.accessSync(path, mode)
  }
  return { ...real, accessSync }
})
afterEach(() => (denied = undefined))

/** A file in a folder of its own. */
function file(content = 'something'): string {
  const path = join(temporaryFolder(), 'a')
  writeFileSync(path, content)
  return path
}

const told = (code: string, message: string) => expect.objectContaining({ code, message }) as Error
const unreadable = (message: string) => told('ARCHIVE_UNREADABLE', message)
const both = [locateForReading, locateForWriting]

describe('the true path of an archive', () => {
  it('is that of the file itself, whatever symbolic links lead to it', () => {
    const path = file()
    const link = `${path}-link`
    symlinkSync(path, link)
    const folder = join(temporaryFolder(), 'folder')
    symlinkSync(dirname(path), folder)
    for (const locate of both) {
      const names = [path, link, join(folder, 'a'), relative(process.cwd(), path)]
      expect(names.map(locate)).toEqual(names.map(() => path))
    }
    // Each hard link is a name of its own.
    linkSync(path, `${path}-hard`)
    expect(both.map((locate) => locate(`${path}-hard`))).toEqual(Array(2).fill(`${path}-hard`))
  })

  it('of one that is to be made is in its folder, which is made', () => {
    const path = join(temporaryFolder(), 'new', 'folders', 'a')
    expect(locateForWriting(path)).toBe(path)
    expect([existsSync(dirname(path)), existsSync(path)]).toEqual([true, false])
    const folder = join(temporaryFolder(), 'link')
    symlinkSync(dirname(path), folder)
    expect(locateForWriting(join(folder, 'b'))).toBe(join(dirname(path), 'b'))
  })
})

describe('an archive is refused', () => {
  it('where there is none to be read, or nothing in it', () => {
    const path = join(temporaryFolder(), 'a')
    expect(() => locateForReading(path)).toThrow(told('NOT_FOUND', `there is no archive ${path}`))
    const empty = file('')
    expect(() => locateForReading(empty)).toThrow(unreadable(`${empty} is empty`))
    expect(locateForWriting(empty)).toBe(empty)
  })

  it('where it is a folder, or no file at all', () => {
    const folder = temporaryFolder()
    for (const locate of both) {
      expect(() => locate(folder)).toThrow(unreadable(`${folder} is a folder; an archive is a file`))
      if (process.platform === 'win32') continue
      expect(() => locate('/dev/null')).toThrow(unreadable('/dev/null is not a file'))
    }
  })

  it('where its name cannot be followed, or its folder cannot be made', () => {
    const circle = join(temporaryFolder(), 'circle')
    symlinkSync(circle, circle)
    const long = join(temporaryFolder(), 'a'.repeat(300))
    for (const locate of both) {
      expect(() => locate(circle)).toThrow(unreadable(`${circle} cannot be reached (ELOOP)`))
      expect(() => locate(long)).toThrow(unreadable(`${long} cannot be reached (ENAMETOOLONG)`))
    }
    const path = file()
    const within = join(path, 'folder', 'a')
    const message = expect.stringMatching(
      `^${within} cannot be (made: its folder ${dirname(within)} cannot \\(|reached)`,
    )
    expect(() => locateForWriting(within)).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_UNREADABLE', message: message as string }),
    )
  })

  it('to be written where it is read-only', () => {
    const path = file()
    chmodSync(path, 0o444)
    expect(() => locateForWriting(path)).toThrow(unreadable(`${path} is read-only`))
    expect(locateForReading(path)).toBe(path)
    chmodSync(path, 0o644)
  })

  it('where this user may not read it, or not write beside it', () => {
    const path = file()
    denied = { path, mode: constants.R_OK }
    expect(() => locateForReading(path)).toThrow(unreadable(`${path} may not be read by this user`))
    expect(locateForWriting(path)).toBe(path)
    denied = { path, mode: constants.W_OK }
    expect(() => locateForWriting(path)).toThrow(unreadable(`${path} is read-only`))
    expect(locateForReading(path)).toBe(path)
    denied = { path: dirname(path), mode: constants.W_OK }
    const message = 'is in a folder that this user may not write'
    for (const name of [path, `${path}-new`]) {
      expect(() => locateForWriting(name)).toThrow(unreadable(`${name} ${message}`))
    }
    expect([locateForReading(path), existsSync(`${path}-new`)]).toEqual([path, false])
  })
})
