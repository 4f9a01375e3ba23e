import { expect, it } from 'vitest'
import { blasEnvironment } from '../../../../../src/main/lab/backend/blas/blasEnvironment.ts'

const avx512 = ['avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl']

it('sets the number of threads of every library', () => {
  const variables = blasEnvironment(3, new Set(), {})
  expect(Object.keys(variables)).toEqual(
    expect.arrayContaining(['OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'BLIS_NUM_THREADS']),
  )
  expect(new Set(Object.values(variables))).toEqual(new Set(['3']))
})

it('names the AVX-512 kernels of OpenBLAS only where the processor has all that they use', () => {
  expect(blasEnvironment(1, new Set(avx512), {})).toMatchObject({ OPENBLAS_CORETYPE: 'SkylakeX' })
  for (const missing of avx512) {
    const flags = new Set(avx512.filter((flag) => flag !== missing))
    expect(blasEnvironment(1, flags, {})).not.toHaveProperty('OPENBLAS_CORETYPE')
  }
})

it('leaves alone what the user has set', () => {
  const variables = blasEnvironment(2, new Set(avx512), { OPENBLAS_CORETYPE: 'Zen', MKL_NUM_THREADS: '5' })
  expect(variables).not.toHaveProperty('OPENBLAS_CORETYPE')
  expect(variables).not.toHaveProperty('MKL_NUM_THREADS')
  expect(variables).toMatchObject({ OPENBLAS_NUM_THREADS: '2' })
})
