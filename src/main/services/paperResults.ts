import { LabError } from '../../shared/errors.ts'
import type { FigureDescription, FigureOptions, FigureResult, RecordedRun } from '../../shared/papers/figure.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import { quote } from '../../shared/quote.ts'
import type { RunSummary } from '../../shared/run.ts'
import type { Caller } from '../engine/host/caller.ts'
import type { LabCalls } from '../engine/messages.ts'
import type { Archive } from '../store/archive.ts'

/** What the papers' figures are, and what the runs of an archive come to in them; nothing is run or written. */
export interface PaperResults {
  /** All figures; as the paper has them they are asked for once. */
  descriptions(options?: FigureOptions): Promise<FigureDescription[]>
  describe(figure: FigureId, options?: FigureOptions): Promise<FigureDescription>
  /** The runs of the newest experiment of each name that the figure asks for. */
  newestRuns(description: FigureDescription): RunSummary[]
  /** What the figure's newest runs came to, where it was worked out before and they have not moved since. */
  known(figure: FigureId, runs: readonly RunSummary[]): FigureResult | null
  /** Claims and panels of a figure from its newest runs, but those that a newer version made. */
  show(figure: FigureId, options?: FigureOptions): Promise<FigureResult>
  evaluate(figure: FigureId, runIds: readonly string[], options?: FigureOptions): Promise<FigureResult>
}

export function createPaperResults({ archive, caller }: { archive: Archive; caller: Caller }): PaperResults {
  const remembered = new Map<FigureId, { key: string; result: FigureResult }>()

  let plain: Promise<FigureDescription[]> | undefined

  function descriptions(figureOptions: FigureOptions = {}): Promise<FigureDescription[]> {
    if (figureOptions.integrator) return caller.call('paper.figures', figureOptions)
    plain ??= caller.call('paper.figures', {})
    plain.catch(() => (plain = undefined))
    return plain
  }

  async function describe(figure: FigureId, figureOptions: FigureOptions = {}): Promise<FigureDescription> {
    const found = (await descriptions(figureOptions)).find(({ id }) => id === figure)
    if (!found) throw new LabError('NOT_FOUND', `there is no figure ${quote(figure)}`)
    return found
  }

  function newestRuns(description: FigureDescription): RunSummary[] {
    const figure = description.usesRunsOf ?? description.id
    const newest = archive.runs.newestExperiments(figure)
    const experimentIds = description.experiments.flatMap(({ name }) => newest.get(name ?? '') ?? [])
    const summaries = archive.runs.listRuns({ experimentIds })
    return experimentIds.flatMap((id) => summaries.filter((run) => run.experimentId === id))
  }

  async function evaluate(figure: FigureId, runIds: readonly string[], figureOptions: FigureOptions = {}) {
    const needs = await caller.call('paper.needs', { figure })
    const runs = runIds.map((runId) => recordedRun(archive, runId, needs))
    return caller.call('paper.evaluate', { figure, runs, options: figureOptions })
  }

  function known(figure: FigureId, runs: readonly RunSummary[]): FigureResult | null {
    const found = remembered.get(figure)
    return found?.key === keyOf(runs) ? found.result : null
  }

  return {
    descriptions,
    describe,
    newestRuns,
    known,
    evaluate,
    async show(figure, figureOptions = {}) {
      const description = await describe(figure, figureOptions)
      const used = description.usesRunsOf ? await describe(description.usesRunsOf, figureOptions) : description
      const summaries = newestRuns({ ...description, experiments: used.experiments })
      const before = figureOptions.integrator ? null : known(figure, summaries)
      if (before) return before
      const runIds = summaries.map(({ id }) => id).filter((runId) => archive.integrity.newer(runId) === null)
      const result = await evaluate(figure, runIds, figureOptions)
      if (!figureOptions.integrator) remembered.set(figure, { key: keyOf(summaries), result })
      return result
    },
  }
}

/** Changes when a run of the figure moves. */
function keyOf(summaries: readonly RunSummary[]): string {
  return summaries.map(({ id, status, step }) => `${id} ${status} ${step}`).join()
}

function recordedRun(archive: Archive, runId: string, needs: LabCalls['paper.needs']['output']): RecordedRun {
  const { spec, status, code, events, train } = archive.runs.run(runId)
  const curves = archive.curves.readCurves(runId, needs.measurements)
  const steps = archive.snapshots.listSnapshots(runId).map(({ step }) => step)
  const needed =
    needs.snapshots === 'none'
      ? []
      : needs.snapshots === 'all'
        ? steps
        : [...new Set([...steps.slice(0, 1), ...steps.slice(-1)])]
  return {
    runId,
    spec,
    status,
    code,
    curves: {
      step: archive.curves.readColumn(runId, 'step'),
      tau: archive.curves.readColumn(runId, 'tau'),
      ...Object.fromEntries(
        Object.entries(curves)
          .filter(([, curve]) => curve.value.length > 0)
          .map(([name, curve]) => [name, curve.value]),
      ),
    },
    events,
    snapshots: needed.map((step) => archive.snapshots.readSnapshot(runId, step)),
    train: train ?? new Int32Array(),
  }
}
