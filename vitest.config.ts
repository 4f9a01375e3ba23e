import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { testEnvironment } from './test/support/testEnvironment.ts'

/**
 * Files that start programs, kill processes, stand in for a device, or go through every size of a backend, every value that is
 * stored or every claim of a paper.
 */
export const slow = [
  'main/cli/**/*',
  'main/engine/{caller,gpuRuns,gpuWorkers,hostProbe,worker}',
  'main/index',
  'main/journal/journal',
  'main/lab/backend/cuda/fusedSteps',
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
  'main/services/figures/{everySource,latex,oddFigures,scriptFiles}',
  'main/services/sweeps/{collectPartially,live/liveMap*,slurmScript}',
  'main/store/migrations/{failingMigrations,killedMigrations,replacedMeanwhile}',
  'main/store/{archive,everyValue,exchange,manyRuns,measurements,oneWriter,openWhileMigrated,plainFile,runFacets,runIntegrityCheck,runTables,storeModel}',
  'main/sweep/{computeOnGpu,killSweep}',
  'shared/{specification/canonicalSpecification,usualValues}',
  'sideBySide',
].map((name) => `test/${name}.test.ts`)

/** Files that start nothing, and take about a second each or more. */
export const long = [
  'main/lab/{estimatedWork,geometryRecord,stallDetector,timeRun}',
  'main/lab/{backend/selfTest,evolutions/trainingOptions,integrators/orders,interventions/interventions}',
  'main/lab/{models/everyModel,network/randomStream,tensorflow/testDevice,webgpu/kernel}',
  'main/lab/papers/{exploreFigure,medianRange,musat2025/{figure6,figureData,toyFigures}}',
  'main/services/{datasetRuns,figureHandlers,gpuBenchmark,leaveInOrder,runs}',
  'main/services/figures/{figurePdf,outlineText}',
  'main/services/interchange/{exportRun,readNpz}',
  'main/store/{archiveLock,bucketExtremes,eventRecorder,matrixBlob,meanOfLongRuns,migrations/keptRuns,newerRuns}',
  'main/store/{openFile,openForReading,runs}',
  'main/sweep/{runTask,stopAfterFailures,sweepDataset,sweepJournals,sweepStarts}',
  'main/web/{hostConnection,webHost}',
  'package/configuration',
  'renderer/{pictures/keptFigures,views/runs/{purgeRuns,useTablePages}}',
  'shared/curves/{curveBuffer,keptRows,parallelPanel}',
  'shared/{parseInput,specification/jsonSchema,sweep/coarseFirst,wire}',
].map((name) => `test/${name}.test.ts`)

const all = globSync('test/**/*.test.ts').map((file) => file.replaceAll('\\', '/'))
// A file that replaces modules, globals or the clock would do so for the next file of its process too.
const replacers = /import \{[^}]*\bvi\b[^}]*\} from 'vitest'|\/support\/figurePages\.ts'/
const replacing = all.filter((file) => replacers.test(readFileSync(file, 'utf8')))
const alone = [...replacing, ...globSync(slow).map((file) => file.replaceAll('\\', '/'))]
const short = all.filter((file) => !alone.includes(file))

// Times are there to end what hangs, and long enough for the busiest machine; nothing else hangs on them.
export default defineConfig({
  test: {
    env: testEnvironment,
    setupFiles: 'test/support/removeFolders.ts',
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/slurm/**'],
    // Most tests wait for programs that they start.
    maxWorkers: '100%',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { requireAssertions: true, poll: { timeout: 120_000 } },
    projects: [
      { extends: true, test: { name: 'own process', exclude: short } },
      // They load the program once for each process rather than once for each file.
      { extends: true, test: { name: 'shared process', exclude: alone, isolate: false } },
    ],
  },
})
