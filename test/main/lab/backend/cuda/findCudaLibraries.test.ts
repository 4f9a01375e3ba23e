import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findCudaLibraries } from '../../../../../src/main/lab/backend/cuda/findCudaLibraries.ts'
import { temporaryFolder } from '../../../../support/folders.ts'

/** A folder with empty files of these names. */
function folderWith(...files: string[]): string {
  const folder = temporaryFolder()
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), '')
  }
  return folder
}

const find = (driver: number, ...folders: string[]) => findCudaLibraries(driver, { GROKSCOPE_CUDA: folders.join(':') })

const packages = 'lib/python3.12/site-packages/nvidia'
const wheels12 = ['cublas/lib/libcublas.so.12', 'cublas/lib/libcublasLt.so.12', 'cusolver/lib/libcusolver.so.11']
const needed12 = ['cusparse/lib/libcusparse.so.12', 'nvjitlink/lib/libnvJitLink.so.12']
const whole12 = [...wheels12, ...needed12].map((file) => `${packages}/${file}`)
const whole13 = ['cublas', 'cublasLt', 'nvJitLink']
  .map((name) => `${packages}/cu13/lib/lib${name}.so.13`)
  .concat(`${packages}/cu13/lib/libcusolver.so.12`, `${packages}/cu13/lib/libcusparse.so.12`)

describe('the libraries of CUDA', () => {
  it.each([
    ['a folder with them', ['libcublas.so.12', 'libcusolver.so.11'], ''],
    ['a toolkit', ['lib64/libcublas.so.12', 'lib64/libcusolver.so.11'], 'lib64'],
    [
      'a toolkit of packages',
      ['targets/sbsa-linux/lib/libcublas.so.12', 'targets/sbsa-linux/lib/libcusolver.so.11'],
      'targets/sbsa-linux/lib',
    ],
  ])('are found in %s', (_, files, place) => {
    const folder = folderWith(...files)
    expect(find(12, folder)).toEqual({
      release: 12,
      cublas: join(folder, place, 'libcublas.so.12'),
      cusolver: join(folder, place, 'libcusolver.so.11'),
      needed: [],
    })
  })

  it('are found in a Python environment, with what they open in turn, in its order', () => {
    const folder = folderWith(...whole12)
    const inPackages = (file: string) => join(folder, packages, file)
    expect(find(12, folder)).toEqual({
      release: 12,
      cublas: inPackages('cublas/lib/libcublas.so.12'),
      cusolver: inPackages('cusolver/lib/libcusolver.so.11'),
      needed: [
        'nvjitlink/lib/libnvJitLink.so.12',
        'cublas/lib/libcublasLt.so.12',
        'cusparse/lib/libcusparse.so.12',
      ].map(inPackages),
    })
  })

  it('are of the newest release that the driver knows, and open none of another', () => {
    const folder = folderWith(...whole12, ...whole13)
    expect(find(12, folder)).toMatchObject({ release: 12 })
    const found = find(13, folder)
    expect(found).toMatchObject({ release: 13, cublas: join(folder, packages, 'cu13/lib/libcublas.so.13') })
    expect('needed' in found && found.needed.map((path) => dirname(path))).toEqual(
      Array(3).fill(join(folder, packages, 'cu13/lib')),
    )
  })

  it.each([
    [12, ['libcusolver.so.11'], /^libcublas\.so\.12 was not found$/],
    [13, [], /^libcublas\.so\.13 and libcublas\.so\.12 was not found$/],
    [12, ['libcublas.so.12'], /^libcusolver\.so\.11 was not found beside .*libcublas\.so\.12$/],
    [13, ['libcublas.so.13', 'libcusolver.so.11'], /^libcusolver\.so\.12 was not found beside .*libcublas\.so\.13$/],
    [
      12,
      ['libcublas.so.13', 'libcusolver.so.12'],
      /^libcublas\.so\.12 was not found, only libcublas\.so\.13, of another version/,
    ],
    [13, ['libcublas.so.11'], /was not found, only libcublas\.so\.11, of another version of CUDA$/],
  ])('are missing by name: CUDA %i in a folder with %j', (driver, files, missing) => {
    expect(find(driver, folderWith(...files))).toEqual({
      missing: expect.stringMatching(missing) as string,
      install: expect.stringMatching(/^pip install( nvidia-[a-z\d-]+)+$/) as string,
      advice: expect.stringMatching(/GROKSCOPE_CUDA$/) as string,
    })
  })

  it('are looked for in the Python environment in use', () => {
    const folder = folderWith(...whole12)
    expect(findCudaLibraries(12, { VIRTUAL_ENV: folder })).toMatchObject({
      cublas: join(folder, packages, 'cublas/lib/libcublas.so.12'),
    })
  })
})
