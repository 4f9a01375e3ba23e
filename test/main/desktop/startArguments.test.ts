import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { inFolder, readStartArguments } from '../../../src/main/desktop/startArguments.ts'

const folder = join(import.meta.dirname, 'somewhere')
const read = (...argv: string[]) => readStartArguments(argv, folder)

describe('the arguments of a start', () => {
  it('name archives to open, relative to its folder', () => {
    const others = ['.', '-a.grokscope', 'a.grokscope.txt', '', '--ozone-platform=wayland', '--enable-features', 'x']
    const absolute = join(folder, '../OLD.GROKSCOPE')
    expect(read(...others, 'runs.grokscope', absolute, '~/mine.grokscope')).toEqual({
      archive: undefined,
      files: [join(folder, 'runs.grokscope'), absolute, '~/mine.grokscope'],
    })
  })

  it('name the archive to work in, in either spelling, the last one', () => {
    expect(read('--archive', 'a b')).toEqual({ archive: 'a b', files: [] })
    expect(read('--archive=a=b')).toEqual({ archive: 'a=b', files: [] })
    expect(read('--archive', 'a', '--archive=b')).toEqual({ archive: 'b', files: [] })
    expect(read('--archive=', 'x.grokscope')).toEqual({ archive: '', files: [join(folder, 'x.grokscope')] })
    expect(() => read('x.grokscope', '--archive')).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })

  it('may be addresses, as a menu hands files over', () => {
    const path = join(folder, 'my runs, ä%.grokscope')
    expect(read(pathToFileURL(path).href).files).toEqual([path])
    // What lies on another machine is not read from this one.
    expect(read('https://example.org/x.grokscope').files).toEqual([join(folder, 'https:/example.org/x.grokscope')])
  })
})

it('leaves the home folder to what opens a path', () => {
  expect(inFolder('~/a', folder)).toBe('~/a')
  expect(inFolder('a', folder)).toBe(join(folder, 'a'))
})
