import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openOutputFolder } from '../../../src/main/cli/outputFolder.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { temporaryFolder } from '../../support/folders.ts'

const base = temporaryFolder()
const options = { force: false, protect: [] }
const files = { 'a.svg': ['<svg/>'], 'a.csv': ['x\n'], 'claims.json': ['{}'] }

/** A folder with results in it. */
async function written(): Promise<string> {
  const folder = join(mkdtempSync(join(base, 'place-')), 'fig1')
  await (await openOutputFolder(folder, options)).write(files)
  return folder
}

const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8')

describe('a folder of results', () => {
  it('lists what was written there with its hash, and gives way to newer results', async () => {
    const folder = await written()
    expect(readdirSync(folder).sort()).toEqual(['a.csv', 'a.svg', 'claims.json', 'manifest.json'])
    expect(JSON.parse(read(folder, 'manifest.json'))).toMatchObject({
      sha256: { 'claims.json': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' },
    })
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    await (await openOutputFolder(folder, options)).write({ 'a.svg': ['<svg>new</svg>'], 'b.csv': ['y\n'] })
    // What the older results had and the newer have not would pass for a part of them.
    expect(readdirSync(folder).sort()).toEqual(['a.svg', 'b.csv', 'manifest.json', 'notes.txt'])
    expect([read(folder, 'a.svg'), read(folder, 'notes.txt')]).toEqual(['<svg>new</svg>', 'mine'])
  })

  it.each([
    ['changed since', 'a.csv'],
    ['of somebody else', 'other.npz'],
    ['made of a picture by hand', 'a.pdf'],
  ])('with a file %s is refused before anything is written, unless that is asked for', async (_, name) => {
    const folder = await written()
    writeFileSync(join(folder, name), 'mine')
    await expect(openOutputFolder(folder, options)).rejects.toMatchObject({
      code: 'FILE_EXISTS',
      message: expect.stringContaining(join(folder, name)) as string,
    })
    const forced = await openOutputFolder(folder, { ...options, force: true })
    await forced.write({ 'a.svg': ['<svg/>'] })
    expect(read(folder, name)).toBe('mine')
    await forced.write({ [name]: ['new'] })
    expect(read(folder, name)).toBe('new')
  })

  it('that was written in part only is written anew by the same command, without a file that was changed', async () => {
    const folder = await written()
    const output = await openOutputFolder(folder, options)
    const full = function* () {
      yield 'half'
      throw new LabError('DISK_FULL', 'the disk is full')
    }
    const newer = { 'a.svg': ['<svg>new</svg>'], 'b.csv': ['y\n'], 'a.csv': full() }
    await expect(output.write(newer)).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect([read(folder, 'a.svg'), read(folder, 'b.csv'), read(folder, 'a.csv')]).toEqual([
      '<svg>new</svg>',
      'y\n',
      'x\n',
    ])
    await (await openOutputFolder(folder, options)).write({ ...newer, 'a.csv': ['x2\n'] })
    expect(readdirSync(folder).sort()).toEqual(['a.csv', 'a.svg', 'b.csv', 'manifest.json'])
  })

  it('that was being written when the process was killed is written anew; what was changed since a full disk is refused', async () => {
    const folder = await written()
    const manifest = JSON.parse(read(folder, 'manifest.json')) as { sha256: Record<string, string> }
    manifest.sha256['a.svg'] = 'being written'
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
    writeFileSync(join(folder, 'a.svg'), '<svg>new</svg>')
    const output = await openOutputFolder(folder, options)
    const full = function* () {
      yield 'half'
      throw new LabError('DISK_FULL', 'the disk is full')
    }
    await expect(output.write({ 'a.svg': ['<svg>new</svg>'], 'a.csv': full() })).rejects.toThrow('full')
    writeFileSync(join(folder, 'a.csv'), 'mine')
    await expect(openOutputFolder(folder, options)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
  })

  it('whose manifest is none counts as one of somebody else', async () => {
    const folder = await written()
    for (const manifest of ['', '[]', '{"sha256":null}', '{"sha256":{"../../a":"00","a.svg":5}}']) {
      writeFileSync(join(folder, 'manifest.json'), manifest)
      await expect(openOutputFolder(folder, options)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    }
  })
})
