import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { findBlasLibraries } from '../../../../../src/main/lab/backend/blas/findBlasLibraries.ts'

it('tries the named library alone, also where it is missing', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const found = findBlasLibraries({ GROKSCOPE_BLAS: '/nowhere/my.dll' }, platform)
    expect(found).toEqual([{ path: '/nowhere/my.dll', version: 'missing' }])
  }
})

it('knows no place of its own on Windows, Accelerate on macOS, and only files that exist on Linux', () => {
  expect(findBlasLibraries({}, 'win32')).toEqual([])
  expect(findBlasLibraries({}, 'darwin')).toMatchObject([{ path: expect.stringContaining('Accelerate') }])
  const found = findBlasLibraries({}, 'linux')
  expect(found.filter(({ path }) => !existsSync(path))).toEqual([])
  expect(new Set(found.map(({ path }) => path)).size).toBe(found.length)
})
