import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeWhole } from '../../../src/main/files/writeWhole.ts'
import { temporaryFolder } from '../../support/folders.ts'

const base = temporaryFolder()
const isWindows = process.platform === 'win32'
const isAdministrator = process.getuid?.() === 0

/** A new folder with one precious file in it. */
function workplace() {
  const folder = mkdtempSync(join(base, 'place-'))
  const precious = join(folder, 'precious')
  writeFileSync(precious, 'precious')
  const in_ = (name: string) => join(folder, name)
  return { folder, precious, in_, left: () => readdirSync(folder).sort() }
}

const content = ['new ', Buffer.from('content')]
const read = (path: string) => readFileSync(path, 'utf8')
const unwritable = (message: RegExp) => ({ code: 'FILE_UNWRITABLE', message: expect.stringMatching(message) as string })

async function* failing() {
  yield 'a beginning'
  await Promise.resolve()
  throw new TypeError('the rest cannot be had')
}

describe('a new file', () => {
  it('appears with all its parts, its folders are made, and nothing else is left', async () => {
    const { in_, left } = workplace()
    expect(await writeWhole(in_('a/b/new'), content)).toBe(11)
    expect(read(in_('a/b/new'))).toBe('new content')
    expect([left(), readdirSync(in_('a/b'))]).toEqual([['a', 'precious'], ['new']])
  })

  it('has the permissions that others have', async () => {
    const { in_, precious } = workplace()
    await writeWhole(in_('new'), content)
    expect(statSync(in_('new')).mode).toBe(statSync(precious).mode)
  })

  it('does not appear where its content fails, or is not wanted any more', async () => {
    const { in_, left } = workplace()
    await expect(writeWhole(in_('new'), failing())).rejects.toThrow(new TypeError('the rest cannot be had'))
    const abort = new AbortController()
    function* endless() {
      for (;;) {
        yield 'more'
        abort.abort()
      }
    }
    await expect(writeWhole(in_('new'), endless(), { signal: abort.signal })).rejects.toThrow(/aborted/)
    expect(left()).toEqual(['precious'])
  })

  it('touches no other, however it is named', async () => {
    const { in_, left } = workplace()
    writeFileSync(in_('new.unfinished'), 'mine')
    await writeWhole(in_('new'), content)
    expect(read(in_('new.unfinished'))).toBe('mine')
    expect(left()).toEqual(['new', 'new.unfinished', 'precious'])
  })

  it('may have a name as long as names can be', async () => {
    const { in_, left } = workplace()
    await writeWhole(in_('n'.repeat(255)), content)
    expect(left()).toContain('n'.repeat(255))
  })
})

describe('a file that is there', () => {
  it('is left as it is', async () => {
    const { precious, left } = workplace()
    await expect(writeWhole(precious, content)).rejects.toMatchObject({
      code: 'FILE_EXISTS',
      message: `${precious} is there already`,
    })
    expect([read(precious), left()]).toEqual(['precious', ['precious']])
  })

  it('is left as it is even if it came while the new one was written', async () => {
    const { in_, left } = workplace()
    function* slow() {
      yield 'new'
      writeFileSync(in_('new'), 'of another')
    }
    await expect(writeWhole(in_('new'), slow())).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect([read(in_('new')), left()]).toEqual(['of another', ['new', 'precious']])
  })

  it('gives way where that is asked for, and keeps its permissions', async () => {
    const { precious, left } = workplace()
    chmodSync(precious, 0o640)
    await writeWhole(precious, content, { replace: true })
    expect([read(precious), statSync(precious).mode & 0o777, left()]).toEqual(['new content', 0o640, ['precious']])
  })

  it('stays whole where the new one fails', async () => {
    const { precious, left } = workplace()
    await expect(writeWhole(precious, failing(), { replace: true })).rejects.toThrow('the rest')
    expect([read(precious), left()]).toEqual(['precious', ['precious']])
  })

  it.each(['precious', 'nowhere'])('is not written through a symbolic link to %s', async (end) => {
    const { in_, precious, left } = workplace()
    symlinkSync(end, in_('link'))
    for (const replace of [false, true]) {
      await expect(writeWhole(in_('link'), content, { replace })).rejects.toMatchObject(unwritable(/symbolic link/))
    }
    expect([read(precious), left(), lstatSync(in_('link')).isSymbolicLink()]).toEqual([
      'precious',
      ['link', 'precious'],
      true,
    ])
  })

  it('keeps its content under its other names', async () => {
    const { in_, precious } = workplace()
    linkSync(precious, in_('other'))
    await writeWhole(precious, content, { replace: true })
    expect([read(precious), read(in_('other'))]).toEqual(['new content', 'precious'])
  })
})

describe('a protected file', () => {
  it.each<[string, (place: ReturnType<typeof workplace>) => string]>([
    ['its name', ({ precious }) => precious],
    ['a roundabout name', ({ folder }) => join(folder, '..', folder.split('/').at(-1)!, 'precious')],
    ['a hard link', ({ precious, in_ }) => (linkSync(precious, in_('link')), in_('link'))],
    ['a symbolic link', ({ in_ }) => (symlinkSync('precious', in_('link')), in_('link'))],
    ['a folder that is a link', ({ folder, in_ }) => (symlinkSync(folder, in_('link')), in_('link/precious'))],
    ['the name of a companion that is not there', ({ in_ }) => in_('precious-wal')],
  ])('is not written by %s', async (_, nameIn) => {
    const place = workplace()
    const target = nameIn(place)
    const before = place.left()
    const protect = [place.precious, `${place.precious}-wal`]
    await expect(writeWhole(target, content, { replace: true, protect })).rejects.toMatchObject(
      unwritable(/which belongs to the archive$/),
    )
    expect([read(place.precious), place.left()]).toEqual(['precious', before])
  })
})

describe('what is no plain file', () => {
  it.skipIf(isWindows)('is written to where it is: a pipe, a device', async () => {
    const { in_, left } = workplace()
    execFileSync('mkfifo', [in_('pipe')])
    const reader = import('node:fs/promises').then(({ readFile }) => readFile(in_('pipe'), 'utf8'))
    expect(await writeWhole(in_('pipe'), content)).toBe(11)
    expect(await reader).toBe('new content')
    expect([left(), lstatSync(in_('pipe')).isFIFO()]).toEqual([['pipe', 'precious'], true])

    symlinkSync('/dev/null', in_('link'))
    for (const path of ['/dev/null', in_('link')]) expect(await writeWhole(path, content)).toBe(11)
    expect([lstatSync('/dev/null').isCharacterDevice(), lstatSync(in_('link')).isSymbolicLink()]).toEqual([true, true])
  })

  it.skipIf(!existsSync('/dev/full'))('tells when it is full', async () => {
    await expect(writeWhole('/dev/full', content)).rejects.toMatchObject(unwritable(/the disk is full$/))
  })

  it.skipIf(isWindows)('tells when it is a socket', async () => {
    const { in_ } = workplace()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(in_('socket'), resolve))
    await expect(writeWhole(in_('socket'), content)).rejects.toMatchObject(unwritable(/nobody listens/))
    server.close()
  })
})

describe('what the system refuses is told in words', () => {
  it.each<[string, (place: ReturnType<typeof workplace>) => string, RegExp]>([
    ['a folder', ({ in_ }) => (mkdirSync(in_('folder')), in_('folder')), /is a folder; a file is needed$/],
    ['the name of a folder', ({ folder }) => `${folder}/new/`, /names a folder; a file is needed$/],
    ['a path through a file', ({ precious }) => join(precious, 'new'), /a part of its path is a file, not a folder$/],
    ['too long a name', ({ in_ }) => in_('n'.repeat(256)), /its name is too long/],
    ['a NUL', ({ in_ }) => in_('new\0'), /it holds a character NUL$/],
    ['no name', () => '', /cannot be written/],
    ['a read-only file', ({ precious }) => (chmodSync(precious, 0o444), precious), /is read-only$/],
    ['a loop of links', ({ in_ }) => (symlinkSync('loop', in_('loop')), in_('loop/new')), /too many symbolic links$/],
  ])('%s', async (_, nameIn, message) => {
    const place = workplace()
    const target = nameIn(place)
    const before = place.left()
    await expect(writeWhole(target, content, { replace: true })).rejects.toMatchObject(unwritable(message))
    expect([read(place.precious), place.left()]).toEqual(['precious', before])
  })

  it.skipIf(isAdministrator || isWindows)('a folder that this user may not write', async () => {
    const { folder, in_ } = workplace()
    chmodSync(folder, 0o555)
    await expect(writeWhole(in_('new'), content)).rejects.toMatchObject(unwritable(/may not be written by this user/))
    chmodSync(folder, 0o755)
  })
})
