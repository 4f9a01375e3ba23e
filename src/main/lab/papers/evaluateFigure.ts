import { stepsOf, toRunSpec, type RunSpec } from '../../../shared/experiment.ts'
import { parseExperiment } from '../../../shared/parseExperiment.ts'
import type { PlotPanel } from '../../../shared/panel.ts'
import type { Evidence, FigureOptions, FigureResult, RecordedRun, RunEvidence } from '../../../shared/papers/figure.ts'
import type { Needs, PaperFigure } from './figure.ts'
import { judge } from './judge.ts'
import { figureById } from './papers.ts'

/**
 * Judges a figure by its runs. Of several runs of one experiment and seed the finished one counts, else the one that came
 * furthest; runs that the figure does not ask for, or not to so many steps, are left out. No claim is decided before every run that the figure
 * asks for is finished: what a part of the seeds shows is not what the figure shows.
 */
export function evaluateFigure(
  figure: PaperFigure,
  runs: readonly RecordedRun[],
  options: FigureOptions = {},
): FigureResult {
  const needed = neededRuns(figure, runs, options)
  const found = needed.flatMap(({ run }) => run ?? [])
  const { statements, panels } = figure.evaluate(found, options)
  const isComplete = needed.every(({ run }) => run?.status === 'finished')
  return {
    figure: figure.id,
    runs: evidenceOf({}, needed).runs,
    claims: statements.map((statement) => judge(statement, evidenceOf(statement.needs ?? {}, needed), isComplete)),
    panels: found.length > 0 ? panels : panels.map(notRun),
  }
}

function notRun(panel: PlotPanel): PlotPanel {
  return panel.kind === 'lines' ? { ...panel, empty: 'not run yet' } : panel
}

interface NeededRun {
  spec: RunSpec
  run?: RecordedRun
}

function neededRuns({ id, usesRunsOf }: PaperFigure, runs: readonly RecordedRun[], options: FigureOptions) {
  const specs = figureById(usesRunsOf ?? id)
    .experiments(options)
    .map((input) => parseExperiment(input))
    .flatMap((experiment) => experiment.seeds.map((seed) => toRunSpec(experiment, seed)))
  return specs.map((spec): NeededRun => {
    // One that was extended has gone on beyond what the ranges of the claims were fixed for.
    const isAsked = (run: RunSpec) => run.name === spec.name && run.seed === spec.seed && stepsOf(run) === stepsOf(spec)
    const candidates = runs.filter((run) => isAsked(run.spec))
    const [run] = candidates.toSorted((a, b) => standing(b) - standing(a))
    return { spec, ...(run ? { run } : {}) }
  })
}

function standing(run: RecordedRun): number {
  return run.status === 'finished' ? Infinity : lastStep(run)
}

function lastStep(run: RecordedRun | undefined): number {
  return run?.curves.step.at(-1) ?? 0
}

function evidenceOf({ of = () => true, step }: Needs, needed: readonly NeededRun[]): Evidence {
  const runs = needed
    .filter(({ spec }) => of(spec))
    .map(({ spec, run }): RunEvidence => {
      return {
        runId: run?.runId ?? null,
        experiment: spec.name,
        seed: spec.seed,
        status: run?.status ?? 'missing',
        code: run?.code ?? null,
        step: lastStep(run),
        neededStep: step ? step(spec) : stepsOf(spec),
      }
    })
  const reached = runs.filter((run) => run.runId !== null && run.step >= run.neededStep).length
  return { reached, needed: runs.length, runs }
}
