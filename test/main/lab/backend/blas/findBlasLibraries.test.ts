import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { blasRemedy, findBlasLibraries } from '../../../../../src/main/lab/backend/blas/findBlasLibraries.ts'

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

it('is brought by a command where there is apt and no library is named, else by what is to be done, in words', () => {
  const named = 'name the file of a BLAS library in GROKSCOPE_BLAS'
  expect(blasRemedy({}, 'linux', true)).toEqual({
    install: 'sudo apt install libopenblas0-pthread',
    advice: `or ${named}`,
  })
  expect(blasRemedy({}, 'linux', false)).toEqual({ advice: `install OpenBLAS, or ${named}` })
  expect(blasRemedy({}, 'win32', false)).toEqual({ advice: named })
  expect(blasRemedy({ GROKSCOPE_BLAS: '/nowhere/my.so' }, 'linux', true)).toEqual({
    advice: 'name another file in GROKSCOPE_BLAS, or unset it',
  })
})
