import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isOutdated } from '../../../src/main/launch/buildIfOutdated.ts'
import { temporaryFolder } from '../../support/folders.ts'

it('is outdated where there is none, or where any source changed, came or went since', () => {
  const root = temporaryFolder()
  const write = (path: string, second: number) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), '')
    utimesSync(join(root, path), second, second)
  }
  const settle = (second: number) => {
    for (const folder of ['src', 'src/deep']) utimesSync(join(root, folder), second, second)
  }
  for (const path of ['src/deep/a.ts', 'src/b.ts', 'electron.vite.config.ts', 'package.json']) write(path, 100)
  settle(100)
  expect(isOutdated(root)).toBe(true)
  write('out/renderer/index.html', 200)
  expect(isOutdated(root)).toBe(false)
  for (const path of ['src/deep/a.ts', 'package.json']) {
    write(path, 300)
    settle(100)
    expect([path, isOutdated(root)]).toEqual([path, true])
    write(path, 100)
    settle(100)
    expect(isOutdated(root)).toBe(false)
  }
  rmSync(join(root, 'src/deep/a.ts'))
  expect(isOutdated(root)).toBe(true)
})
