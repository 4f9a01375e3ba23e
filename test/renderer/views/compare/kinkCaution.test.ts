import { expect, it } from 'vitest'
import { kinkCaution } from '../../../../src/renderer/views/compare/kinkCaution.ts'
import { compareRuns } from '../../../../src/shared/curves/comparison.ts'
import type { Provenance } from '../../../../src/shared/run.ts'
import { facetsOfFigure6, runSummary } from '../../../support/runSummary.ts'

const wasm: Provenance = {
  grokscope: '0.2.0',
  runtime: 'Node 24',
  platform: 'linux x64',
  processor: 'a processor',
  backend: 'wasm',
  device: 'WebAssembly',
  precision: 'float64',
  threads: 1,
  choice: '',
  splitHash: '',
}
const blas: Provenance = { ...wasm, backend: 'blas', device: 'OpenBLAS' }

/** What is said of two runs that differ in these. */
function caution(provenances: (Provenance | null)[], facets: object = {}): string | null {
  const runs = provenances.map((_, seed) =>
    runSummary({ id: `run${seed}`, name: `run ${seed}`, facets: { ...facetsOfFigure6, ...facets } }),
  )
  const details = new Map(provenances.map((provenance, seed) => [`run${seed}`, { provenance }]))
  return kinkCaution(compareRuns(runs, undefined).runs, details)
}

it('weights that slid along kinks under different rounding are not to be compared, and the sentence names their runs', () => {
  expect(caution([wasm, blas])).toMatch(
    /^run 0, run 1 slide .* 2 kinds of arithmetic: .* rounding alone may make their weights drift apart\.$/,
  )
  expect(caution([wasm, blas], { 'network.activation': 'leakyRelu' })).not.toBeNull()
  expect(caution([blas, { ...blas, threads: 2 }])).not.toBeNull()
  expect(caution([blas, { ...blas, device: 'MKL' }])).not.toBeNull()
  expect(caution([wasm, { ...wasm, precision: 'float32' }])).not.toBeNull()
  const cuda = { ...blas, backend: 'cuda', steps: 'many in one kernel' } as const
  expect(caution([cuda, { ...cuda, steps: 'by cuBLAS and cuSOLVER' }])).not.toBeNull()
  expect(caution([cuda, cuda])).toBeNull()
})

it('nothing is said where rounding is the same, where there is no kink, of other dynamics, and of what is not known', () => {
  expect(caution([wasm, wasm])).toBeNull()
  expect(caution([wasm, { ...wasm, threads: 4 }])).toBeNull()
  expect(caution([wasm, blas], { 'network.activation': 'tanh' })).toBeNull()
  expect(caution([wasm, blas], { 'dynamics.kind': 'training' })).toBeNull()
  expect(caution([wasm, null])).toBeNull()
})
