import { describe, expect, it } from 'vitest'
import { benchmarkTable } from '../../../../src/renderer/views/machine/benchmarkTable.ts'

const timing = (backend: string, threads: number, operation: string, milliseconds: number) => ({
  backend,
  threads,
  operation,
  milliseconds,
  precision: 'float64' as const,
  gigaflops: 1,
})

describe('the table of the benchmark', () => {
  const { contestants, rows } = benchmarkTable([
    timing('wasm', 1, 'gemm', 8),
    timing('wasm', 2, 'gemm', 4),
    timing('blas', 1, 'gemm', 2),
    timing('blas', 1, 'solve', 5),
  ])

  it('has a column for each backend and number of threads', () => {
    expect(contestants.map(({ backend, threads }) => `${backend} ${threads}`)).toEqual(['wasm 1', 'wasm 2', 'blas 1'])
  })

  it('marks the fastest of a row, and leaves empty what was not timed', () => {
    expect(rows[0]!.cells.map((cell) => cell?.fastest)).toEqual([false, false, true])
    expect(rows[0]!.cells.map((cell) => cell?.slower)).toEqual([4, 2, 1])
    expect(rows[1]!.cells.map((cell) => cell?.milliseconds ?? null)).toEqual([null, null, 5])
  })
})
