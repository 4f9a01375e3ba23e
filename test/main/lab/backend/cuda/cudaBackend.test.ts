import { createHash } from 'node:crypto'
import koffi from 'koffi'
import { beforeAll, describe, expect, it } from 'vitest'
import { cudaBackend, isCuda, type CudaMatrix } from '../../../../../src/main/lab/backend/cuda/cudaBackend.ts'
import kernels from '../../../../../src/main/lab/backend/cuda/kernels.json' with { type: 'json' }
import { kernelParameters, kernelSource } from '../../../../../src/main/lab/backend/cuda/kernelSource.ts'
import { loadCuda } from '../../../../../src/main/lab/backend/cuda/loadCuda.ts'
import { openBackend } from '../../../../../src/main/lab/backend/openBackend.ts'
import type { Backend } from '../../../../../src/main/lab/backend/backend.ts'
import { backendOnStub, provideStub, stubCalls, whyNoStub } from '../../../../support/cuda/stubCuda.ts'
import { backendLaws } from '../backendLaws.ts'

describe.skipIf(whyNoStub)(`CUDA on a stand-in (${whyNoStub ?? 'for tests'})`, () => {
  let folder: string
  beforeAll(() => {
    folder = provideStub()
  })

  backendLaws('float64', async () => withEntries(await backendOnStub()))

  it('refuses float32 by the name of the field', async () => {
    const selection = { kind: 'cuda', threads: 1, precision: 'float32' } as const
    await expect(openBackend(selection)).rejects.toMatchObject({
      code: 'INVALID_SPECIFICATION',
      message: 'precision: "float32" is not allowed with CUDA, which computes in "float64"',
    })
  })

  it('releases all memory of the card when it is closed', async () => {
    const before = stubCalls(folder, 'cuMemAlloc_v2') - stubCalls(folder, 'cuMemFree_v2')
    const backend = await backendOnStub()
    const A = backend.matrix(70, 70)
    backend.addDiagonal(1, A)
    expect(backend.cholesky(A)).toBe(0)
    backend.solveCholesky(A, backend.matrix(70, 3))
    backend.scatterRows(backend.inputRows(2, 1, Int32Array.of(1, 0)), backend.matrix(2, 3), 0, backend.matrix(2, 3))
    backend.clear()
    expect(() => backend.fill(A, 1)).toThrow('before it was cleared')
    backend.close()
    expect(stubCalls(folder, 'cuMemAlloc_v2') - stubCalls(folder, 'cuMemFree_v2')).toBe(before)
  })

  it('notes whether a factorization failed without waiting, and refuses to wait meanwhile', async () => {
    const backend = await backendOnStub()
    const [good, bad] = [backend.matrix(5, 5), backend.matrix(5, 5)]
    for (const A of [good, bad]) backend.addDiagonal(1, A)
    const minus = new Float64Array(25)
    minus[18] = -2
    const M = backend.matrix(5, 5)
    backend.upload(M, minus)
    backend.axpby(1, M, 1, bad)
    const readings = stubCalls(folder, 'cuMemcpyDtoH_v2')
    const places = [good, bad, good].map((A) => backend.queue.ahead(() => expect(backend.cholesky(A)).toBe(0)))
    const sum = backend.dotLater(M, M)
    expect(stubCalls(folder, 'cuMemcpyDtoH_v2')).toBe(readings)
    const numbers = backend.queue.take()
    expect(places.map((place) => numbers[place])).toEqual([0, 4, 0])
    expect(numbers[sum]).toBe(4)
    expect(() => backend.queue.ahead(() => backend.dot(M, M))).toThrow('nothing is waited for ahead')
    expect(backend.cholesky(bad)).toBe(4)
    backend.close()
  })
})

describe('the kernels of CUDA', () => {
  it('are those that were compiled: else run src/main/lab/backend/cuda/build.ts', () => {
    expect(kernels.source).toBe(createHash('sha256').update(kernelSource).digest('hex'))
    const compiled = [...kernels.ptx.join('\n').matchAll(/\.visible \.entry (\w+)\(/g)].map(([, name]) => name!)
    expect(compiled.sort()).toEqual(Object.keys(kernelParameters).sort())
  })

  it('have the parameters that a launch lays down', () => {
    const letterOf = (parameter: string) => {
      if (parameter.includes('*')) return 'p'
      return { int: 'i', size_t: 'n', double: 'd' }[parameter.trim().split(' ')[0]!]
    }
    const written = [...kernelSource.matchAll(/__global__ void (\w+)\(([^)]*)\)/g)].map(([, name, parameters]) => [
      name,
      parameters!.split(',').map(letterOf).join(''),
    ])
    expect(Object.fromEntries(written)).toEqual(kernelParameters)
  })

  it('contract no product and sum but those that say so', () => {
    expect(kernels.options).toContain('--fmad=false')
  })
})

it('knows its own kind', async () => {
  const plain = await openBackend({ kind: 'plain', threads: 1, precision: 'float64' })
  expect(isCuda(plain)).toBe(false)
  expect(() => cudaBackend({} as Awaited<ReturnType<typeof loadCuda>>, 'float32')).toThrow('"float32"')
})

/** The stand-in's memory is that of this process: matrices whose entries are at hand. */
function withEntries(backend: Backend): Backend {
  const shown = (matrix: ReturnType<Backend['matrix']>) => {
    const { address, rows, columns } = matrix as CudaMatrix
    const data = new Float64Array(koffi.view(address, 8 * rows * columns), 0, rows * columns)
    return Object.assign(matrix, { data })
  }
  return {
    ...backend,
    matrix: (rows, columns) => shown(backend.matrix(rows, columns)),
    reshape: (M, rows, columns) => shown(backend.reshape(M, rows, columns)),
  }
}
