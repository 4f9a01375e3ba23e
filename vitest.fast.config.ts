import { globSync, readFileSync } from 'node:fs'
import { mergeConfig } from 'vitest/config'
import whole from './vitest.config.ts'

// What is left out starts programs, kills processes, stands in for a device, or goes through every size of a backend,
// every value that is stored or every claim of a paper.
const slow = [
  'main/cli/**/*',
  'main/engine/{caller,gpuRuns,gpuWorkers,hostProbe,worker}',
  'main/index',
  'main/lab/backend/{blas/blas,cuda/cuda,wasm/wasm}Backend',
  'main/lab/backend/{probeBackends,webgpu}',
  'main/lab/benchmark/timeGpuStep',
  'main/lab/evolutions/{cudaRuns,tensorflowTrainingEvolution,webGpuTrainingEvolution}',
  'main/lab/maps/{measuredPlanes,shareBoundary}',
  'main/lab/papers/{everyPaper,pezeshki2022/claims}',
  'main/lab/tasks/everyTask',
  'main/lab/webgpu/{batch/*,testGpu,tilings}',
  'main/lab/{chatteringRecord,runExperiment,softmaxCollapse,testCuda}',
  'main/services/{beginLaboratory,keptArchive,laboratory,newerRuns,storeFaults,sweeps}',
  'main/services/figures/{everySource,latex,scriptFiles}',
  'main/services/sweeps/{collectPartially,live/liveMap*,slurmScript}',
  'main/store/migrations/{failingMigrations,killedMigrations,replacedMeanwhile}',
  'main/store/{archive,everyValue,exchange,manyRuns,oneWriter,openWhileMigrated,plainFile,runIntegrityCheck,runTables,storeModel}',
  'main/sweep/{computeOnGpu,killSweep}',
  'shared/usualValues',
  'sideBySide',
]

// A file that replaces modules, globals or the clock would do so for the next file of its process too.
const all = globSync('test/**/*.test.ts').map((file) => file.replaceAll('\\', '/'))
const replacing = all.filter((file) => /import \{[^}]*\bvi\b[^}]*\} from 'vitest'/.test(readFileSync(file, 'utf8')))
const others = all.filter((file) => !replacing.includes(file))

// The others share their processes, and load the program once for each of these rather than once for each file.
export default mergeConfig(whole, {
  test: {
    exclude: slow.map((name) => `test/${name}.test.ts`),
    projects: [
      { extends: true, test: { name: 'own process', exclude: others } },
      { extends: true, test: { name: 'shared process', exclude: replacing, isolate: false } },
    ],
  },
})
