import { mergeConfig } from 'vitest/config'
import whole from './vitest.config.ts'

// What is left out starts programs, kills processes, or goes through every size of a backend, every value that is stored
// or every claim of a paper.
const slow = [
  'cli/**/*',
  'engine/{caller,hostProbe,worker}',
  'index',
  'lab/backend/{blas/blas,wasm/wasm,probe}Backend*',
  'lab/maps/measuredPlanes',
  'lab/papers/pezeshki2022/claims',
  'lab/webgpu/batch/generalization',
  'services/{keptArchive,laboratory,newerRuns,storeFaults}',
  'services/sweeps/slurmScript',
  'store/{everyValue,oneWriter,plainFile}',
]

export default mergeConfig(whole, {
  test: { exclude: slow.map((name) => `test/main/${name}.test.ts`) },
})
