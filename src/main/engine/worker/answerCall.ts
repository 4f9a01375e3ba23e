import { LabError } from '../../../shared/errors.ts'
import { precisionOf } from '../../../shared/experiment.ts'
import { analyze, type OnProgress } from '../../lab/analyze.ts'
import type { ProbeRequest, RunProbe } from '../../lab/backend/probe.ts'
import { tryBackend } from '../../lab/tryBackend.ts'
import { wasmBackend } from '../../lab/backend/wasm/wasmBackend.ts'
import { batchTable } from '../../lab/dynamics/batches.ts'
import { compareMaps } from '../../lab/maps/compareMaps.ts'
import { drawLines } from '../../lab/maps/drawLines.ts'
import { drawMaps } from '../../lab/maps/drawMaps.ts'
import { refineMap } from '../../lab/maps/refineMap.ts'
import { evaluateFigure } from '../../lab/papers/evaluateFigure.ts'
import { exploreFigure, slidersOf } from '../../lab/papers/exploreFigure.ts'
import { figureById, figures } from '../../lab/papers/papers.ts'
import { presetClaims } from '../../lab/presets/presetClaims.ts'
import { timeCase } from '../../lab/benchmark/timeCase.ts'
import { countGpuStep, timeGpuStep } from '../../lab/benchmark/timeGpuStep.ts'
import { tunedTable } from '../../lab/benchmark/tuneTilings.ts'
import { timedRun, timeRun } from '../../lab/timeRun.ts'
import { chooseJobBackend, describeBackends, describeTensorFlowHere } from './chooseJobBackend.ts'
import { openJobBackend } from './openJobBackend.ts'
import type { LabCallName, LabCalls } from '../messages.ts'
import type { GpuRuns } from './gpuRuns.ts'

export interface CallContext {
  /** Starts the processes that try backends. */
  runProbe?: RunProbe | undefined
  /** Is told how far the call is; of how much is null where nobody can say. */
  onProgress?: OnProgress
  /** Of a worker that computes many runs at once on a GPU. */
  admit?: GpuRuns['admit']
}

type Answers = {
  [Name in LabCallName]: (
    input: LabCalls[Name]['input'],
    context: CallContext,
  ) => Promise<LabCalls[Name]['output']> | LabCalls[Name]['output']
}

const answers: Answers = {
  'paper.figures': (options) =>
    figures.map((figure) => {
      const { id, number, title, summary, source, usesRunsOf, takesIntegrator } = figure
      const own = { ...(usesRunsOf && { usesRunsOf }), ...(takesIntegrator && { takesIntegrator }) }
      const experiments = figure.experiments(options)
      return { id, number, title, summary, source, ...own, experiments, sliders: slidersOf(figure) }
    }),
  'paper.needs': ({ figure }) => {
    const { measurements, snapshots } = figureById(figure).needs
    return { measurements: [...measurements], snapshots }
  },
  'paper.evaluate': ({ figure, runs, options }) => evaluateFigure(figureById(figure), runs, options),
  'paper.explore': ({ figure, setting, isSimulated }, { onProgress }) =>
    exploreFigure(figureById(figure), setting, isSimulated, onProgress),
  'map.draw': ({ plane, runs, options }) => drawMaps(plane, runs, options),
  'map.compare': ({ plane, sides, options }) => compareMaps(plane, sides, options),
  'map.lines': ({ spec, runs, options }) => drawLines(spec, runs, options),
  'map.refine': ({ spec, runs, options }) => refineMap(spec, runs, options),
  'gpu.admit'({ specs }, { admit }) {
    if (!admit) throw new LabError('BACKEND_UNAVAILABLE', 'WebGPU: this worker computes no runs on a GPU')
    return admit(specs)
  },
  'preset.claims': ({ preset, runs }) => presetClaims(preset, runs),
  async 'analysis.compute'(input, { onProgress }) {
    const backend = await wasmBackend('float64', 1)
    try {
      return await analyze(input, backend, onProgress)
    } finally {
      backend.close()
    }
  },
  'training.batches': ({ batch, samples, seed, from, to }) => batchTable(samples, batch, seed, from, to),
  'machine.backends': (input, { runProbe }) => describeBackends(input, runProbe),
  'machine.tensorflow': (_, { runProbe }) => describeTensorFlowHere(runProbe),
  'machine.choose': (input, { runProbe }) => chooseJobBackend(input, runProbe),
  'machine.probe': (request) => tryBackend(request as ProbeRequest),
  async 'run.time'({ spec, backend: selection }) {
    const backend = await openJobBackend(selection, precisionOf(spec), timedRun(spec))
    try {
      return await timeRun(spec, backend)
    } finally {
      backend.close()
    }
  },
  async 'machine.time'({ backend: selection, case: target, repetitions }) {
    const backend = await openJobBackend(selection, target.precision)
    try {
      return timeCase(backend, target, repetitions)
    } finally {
      backend.close()
    }
  },
  'machine.countGpuStep': countGpuStep,
  'machine.timeGpuStep': timeGpuStep,
  'machine.tuneGpu': ({ runs }, { onProgress }) => tunedTable(runs, onProgress),
}

/** Does what a host asks outside any run. */
export async function answerCall(name: LabCallName, input: unknown, context: CallContext = {}): Promise<unknown> {
  const answer = answers[name] as (input: unknown, context: CallContext) => unknown
  return answer(input, context)
}
