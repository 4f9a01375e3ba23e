import type { FigureCard, FigureCost } from '../../shared/contract/papers.ts'
import type { Submission } from '../../shared/contract/experiments.ts'
import { estimateCost } from '../../shared/estimate.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { toRunSpec, type ExperimentInput, type ExperimentSpec } from '../../shared/experiment.ts'
import { parseExperiment } from '../../shared/parseExperiment.ts'
import type { FigureDescription, FigureOptions, FigureResult } from '../../shared/papers/figure.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import type { RunSummary } from '../../shared/run.ts'
import type { Archive } from '../store/archive.ts'
import { specificationHash } from '../store/specificationHash.ts'
import type { ExperimentService, SubmitOptions } from './experiments.ts'
import type { PaperResults } from './paperResults.ts'
import type { SpeedService } from './speed.ts'

/** With the backend of its runs, where one is asked for. */
export type FigureRunOptions = FigureOptions & Pick<SubmitOptions, 'backend'>

export interface PaperService {
  /** Starts the worker that knows the figures: a window is to ask for them first. */
  prepare(): void
  describe(figure: FigureId, options?: FigureOptions): Promise<FigureDescription>
  /** With `measure`, runs like those of the figures are timed first where they were not yet. */
  cards(options?: { measure?: boolean }): Promise<FigureCard[]>
  run(figure: FigureId, options?: FigureRunOptions): Promise<Submission[]>
  /** The same, but for experiments whose runs are all finished: of these the runs. */
  runMissing(figure: FigureId, options?: FigureRunOptions): Promise<{ finished: string[]; begun: Submission[] }>
  /** Claims and panels of a figure from its newest runs, but those that a newer version made. */
  show(figure: FigureId, options?: FigureOptions): Promise<FigureResult>
  evaluate(figure: FigureId, runIds: readonly string[], options?: FigureOptions): Promise<FigureResult>
}

export interface PaperServiceOptions {
  archive: Archive
  results: PaperResults
  experiments: ExperimentService
  speed: SpeedService
}

export function createPaperService(options: PaperServiceOptions): PaperService {
  const { archive, experiments, results } = options
  const { descriptions, describe, newestRuns } = results

  /** The figure whose runs are drawn. */
  async function describeUsed(figure: FigureId, figureOptions: FigureOptions): Promise<FigureDescription> {
    const description = await describe(figure, figureOptions)
    return description.usesRunsOf ? describe(description.usesRunsOf, figureOptions) : description
  }

  /** Those of an experiment, where all are finished and sound, and were asked what it asks today; else null. */
  function finishedRuns(input: ExperimentInput, known: readonly RunSummary[]): string[] | null {
    const spec = parseExperiment(input)
    const found = spec.seeds.map((seed) => {
      const run = known.find((each) => each.experiment === spec.name && each.seed === seed)
      if (run?.status !== 'finished' || archive.integrity.newer(run.id) !== null) return null
      const requested = specificationHash(toRunSpec(spec, seed))
      const isSound = tryStep(
        () => (archive.integrity.require(run.id), specificationHash(archive.runs.run(run.id).spec) === requested),
        () => false,
      )
      return isSound ? run.id : null
    })
    return found.includes(null) ? null : (found as string[])
  }

  /** What the figure's newest runs came to, where it was worked out before and they have not moved since. */
  function card(description: FigureDescription, usedDescription: FigureDescription): FigureCard {
    const summaries = newestRuns({ ...description, experiments: usedDescription.experiments })
    const runIds = summaries.map(({ id }) => id)
    const isRunning = summaries.some(({ status }) => ['queued', 'running', 'paused'].includes(status))
    const state = summaries.length === 0 ? 'notRun' : isRunning ? 'running' : 'ready'
    const result = results.known(description.id, summaries)
    const estimate = description.usesRunsOf ? null : estimateAll(description)
    return { ...description, runIds, state, estimate, result }
  }

  function estimateAll({ experiments: inputs }: FigureDescription): FigureCard['estimate'] {
    if (inputs.length === 0) return null
    const runs: FigureCost['runs'] = []
    const specs = inputs.map((input) => parseExperiment(input))
    for (const spec of specs) {
      const { seconds } = estimateCost(spec, options.speed.known(spec, runsOf(specs)))
      if (seconds === null) return { runs: null }
      runs.push({ seconds, count: spec.seeds.length })
    }
    return { runs }
  }

  return {
    prepare: () => void descriptions(),
    describe,
    evaluate: results.evaluate,
    show: results.show,
    async cards({ measure = false } = {}) {
      const all = await descriptions()
      const figures = measure ? all.map(({ experiments: own }) => own.map((input) => parseExperiment(input))) : []
      for (const specs of figures) for (const spec of specs) await options.speed.measure(spec, undefined, runsOf(specs))
      return all.map((description) => {
        const used = all.find(({ id }) => id === description.usesRunsOf)
        return card(description, used ?? description)
      })
    },
    async run(figure, { backend, ...figureOptions } = {}) {
      const used = await describeUsed(figure, figureOptions)
      return experiments.submitAll(used.experiments, { figure: used.id, backend })
    },
    async runMissing(figure, { backend, ...figureOptions } = {}) {
      const used = await describeUsed(figure, figureOptions)
      const known = newestRuns(used)
      const each = used.experiments.map((input) => ({ input, runIds: finishedRuns(input, known) }))
      const missing = each.flatMap(({ input, runIds }) => (runIds ? [] : [input]))
      return {
        finished: each.flatMap(({ runIds }) => runIds ?? []),
        begun: missing.length > 0 ? await experiments.submitAll(missing, { figure: used.id, backend }) : [],
      }
    },
  }
}

/** Of a figure all start together. */
function runsOf(specs: readonly ExperimentSpec[]): number {
  return specs.reduce((sum, { seeds }) => sum + seeds.length, 0)
}
