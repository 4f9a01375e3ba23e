import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/folders.ts'

const source = join(import.meta.dirname, '../../resources/packaging/grokscope')

/** The launcher where packages have it, between stand-ins that print their name and arguments. */
function install(bin: string, window: string): (...args: string[]) => string[] {
  const root = join(temporaryFolder(), 'a folder')
  const write = (path: string, name: string) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `#!/bin/sh\necho ${name}\nfor argument; do echo "$argument"; done\n`, { mode: 0o755 })
  }
  write(join(root, bin, 'node'), 'node')
  write(join(root, window), 'window')
  const launcher = join(root, bin, 'grokscope')
  copyFileSync(source, launcher)
  return (...args) => spawnSync(launcher, args, { encoding: 'utf8' }).stdout.split('\n').slice(0, -1)
}

describe.skipIf(process.platform === 'win32')('the launcher', () => {
  it.each([
    ['Linux', 'resources/terminal/bin', 'grokscope-window'],
    ['macOS', 'Contents/Resources/terminal/bin', 'Contents/MacOS/Grokscope'],
  ])('gives commands to Node and the rest to the window, on %s', (_, bin, window) => {
    const grokscope = install(bin, window)
    const [runtime, script, ...rest] = grokscope('run', 'a b.json', '', '--set', 'x=*')
    expect([runtime, ...rest]).toEqual(['node', 'run', 'a b.json', '', '--set', 'x=*'])
    expect(script).toMatch(/\/terminal\/bin\/\.\.\/out\/main\/cli\.js$/)
    expect(grokscope('--help')[0]).toBe('node')
    expect(grokscope('nonsense')[0]).toBe('node')
    expect(grokscope()).toEqual(['window'])
    expect(grokscope('--archive', 'a b', 'c')).toEqual(['window', '--archive', 'a b', 'c'])
    expect(grokscope('a b.grokscope')).toEqual(['window', 'a b.grokscope'])
  })
})
