import { mergeConfig } from 'vitest/config'
import whole from './vitest.config.ts'

// What is left out starts whole programs, kills processes, or goes through every size of a backend.
const slow = [
  'cli/{badInput,kill,numpy,program}',
  'engine/{hostProbe,worker}',
  'lab/backend/{blas/blas,wasm/wasm}Backend',
]

export default mergeConfig(whole, {
  test: { exclude: [...slow, 'index', 'lab/backend/probeBackends'].map((name) => `test/main/${name}.test.ts`) },
})
