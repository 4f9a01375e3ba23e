import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { probeBackends } from '../../../../src/main/lab/backend/probeBackends.ts'
import type { ProbeReport } from '../../../../src/main/lab/backend/probe.ts'
import { badLibraries, hasCompiler } from './blas/badLibraries.ts'

const common = { threads: 1, precision: 'float64', sizes: { samples: 30, hidden: 40, outputs: 5 } } as const

describe('probeBackends', () => {
  it('times the backends that work', async () => {
    const reports = await probeBackends([
      { ...common, kind: 'wasm' },
      { ...common, kind: 'wasm', threads: 2, precision: 'float32' },
      { ...common, kind: 'wasm', sizes: { samples: 40, hidden: 30, outputs: 5 } },
    ])
    for (const report of reports) {
      expect(report.failure).toBeUndefined()
      expect(report.seconds).toBeGreaterThan(0)
      expect(report.description).toContain('WebAssembly')
    }
    expect(reports.map(({ threads }) => threads)).toEqual([1, 2, 1])
  })
})

describe.skipIf(!hasCompiler)('probeBackends of a bad library', () => {
  const libraries = badLibraries()
  const failureOf = async (library: string, timeout?: number) => {
    const [report] = await probeBackends([{ ...common, kind: 'blas', library }], timeout)
    expect(report).toMatchObject({ kind: 'blas', library })
    expect(report).not.toHaveProperty('seconds')
    return report!.failure
  }

  it('reports wrong numbers', async () => {
    expect(await failureOf(libraries.wrong())).toMatch(/libwrong\.so.* computes wrongly: gemm of 1 × 1 × 1 is off by/)
  })

  it('outlives a library that ends its process', async () => {
    expect(await failureOf(libraries.crashing())).toMatch(/libcrashing\.so' cannot be used: it ended .* \(SIGABRT\)/)
  })

  it('outlives a library that never returns, and tries it only once', async () => {
    const library = libraries.hanging()
    const request = { ...common, kind: 'blas' as const, library }
    // On a busy machine a process may take longer until it has come to load the library at all.
    let reports: ProbeReport[] = []
    for (let timeout = 2000; !existsSync(libraries.loads); timeout *= 2) {
      reports = await probeBackends([request, { ...request, threads: 2 }], timeout)
    }
    for (const { failure } of reports) expect(failure).toMatch(/libhanging\.so' cannot be used: .* within \d+ s/)
    expect(readFileSync(libraries.loads, 'utf8')).toBe('x')
  })
})

it('names a file that is no library', async () => {
  const [report] = await probeBackends([{ ...common, kind: 'blas', library: badLibraries().text() }])
  expect(report!.failure).toMatch(/^BLAS library '.*libtext\.so' cannot be used: /)
})
