import { describe, expect, it } from 'vitest'
import { precisions } from '../../../../../src/shared/specification/limits.ts'
import { blasBackend } from '../../../../../src/main/lab/backend/blas/blasBackend.ts'
import { findBlasLibraries } from '../../../../../src/main/lab/backend/blas/findBlasLibraries.ts'
import { selfTest } from '../../../../../src/main/lab/backend/selfTest.ts'
import { backendLaws } from '../backendLaws.ts'
import { badLibraries, hasCompiler } from './badLibraries.ts'

const libraries = findBlasLibraries()

describe.skipIf(libraries.length === 0)('system BLAS (skipped where no library is found)', () => {
  describe.each(libraries.map(({ path }) => path))('%s', (library) => {
    describe.each(precisions)('%s', (precision) => {
      describe.each([1, 2])('%i threads', (threads) =>
        backendLaws(precision, () => blasBackend(precision, { library, threads })),
      )
    })
  })
})

it('leaves the environment as it was', async () => {
  const before = { ...process.env }
  await blasBackend('float64', { library: badLibraries().text(), threads: 1 }).catch(() => {})
  expect({ ...process.env }).toEqual(before)
})

describe('a library that cannot be used', () => {
  const libraries = badLibraries()

  it.each([
    ['is missing', () => '/nowhere/libblas.so', 'no such file'],
    ['is a text', libraries.text, 'cannot be used: '],
  ])('is named with the reason where it %s', async (_, library, reason) => {
    const error: unknown = await blasBackend('float64', { library: library(), threads: 1 }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'BACKEND_UNAVAILABLE', message: expect.stringContaining(reason) })
    expect(error).toMatchObject({ message: expect.stringContaining(`BLAS library '${library()}'`) })
  })

  it.skipIf(!hasCompiler)('is named with the symbol that it lacks', async () => {
    const library = libraries.withoutSyrk()
    await expect(blasBackend('float64', { library, threads: 1 })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/libwithoutSyrk\.so' cannot be used: .*cblas_dsyrk/),
    })
  })

  it.skipIf(!hasCompiler)('fails the self-test where its numbers are wrong', async () => {
    const backend = await blasBackend('float64', { library: libraries.wrong(), threads: 1 })
    expect(selfTest(backend)).toMatch(/^gemm of 1 × 1 × 1 is off by \S+, allowed 8\.9\s×\s10⁻¹⁶$/)
    backend.close()
  })
})
