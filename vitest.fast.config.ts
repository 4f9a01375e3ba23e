import { mergeConfig } from 'vitest/config'
import whole from './vitest.config.ts'

// What is left out starts whole programs, kills processes, or goes through every size of a backend.
const slow = ['cli/**/*', 'engine/{hostProbe,worker}', 'index', 'lab/backend/{blas/blas,wasm/wasm,probe}Backend*']

export default mergeConfig(whole, {
  test: { exclude: slow.map((name) => `test/main/${name}.test.ts`) },
})
