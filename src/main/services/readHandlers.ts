import { setImmediate as nextTurn } from 'node:timers/promises'
import { maxCurvePoints, type RunCurves } from '../../shared/contract/runs.ts'
import type { SharedHandlers } from '../../shared/contract.ts'
import { differingFields } from '../../shared/curves/differingFields.ts'
import { requireAll } from '../../shared/figures/sources/requireAll.ts'
import { describeRepeats, independentRuns } from '../../shared/independentRuns.ts'
import { sayRepeats } from '../../shared/map/mapPanel.ts'
import { measurementNames } from '../../shared/measurements.ts'
import { runEventNames } from '../../shared/runEventNames.ts'
import type { Caller } from '../engine/host/caller.ts'
import type { Archive } from '../store/archive.ts'
import { computeAnalysis } from './analyses.ts'
import type { PaperResults } from './paperResults.ts'

/** What pictures are made of: runs, their curves and matrices, analyses of them, the papers' figures. */
export type ReadHandlers = Pick<
  SharedHandlers,
  | 'run.list'
  | 'run.show'
  | 'run.map'
  | 'run.curves'
  | 'run.snapshots'
  | 'run.matrix'
  | 'analysis.compute'
  | 'paper.show'
>

export interface ReadHandlersOptions {
  /** One's own archive without an id, else one opened beside it. */
  find(id: string | undefined): Archive
  caller: Caller
  results: PaperResults
}

/** Answers what only reads an archive. */
export function createReadHandlers({ find, caller, results }: ReadHandlersOptions): ReadHandlers {
  return {
    'run.list': ({ archive: id, ...choice }) => find(id).tables.list(choice),
    'run.show': ({ runId, archive: id }) => {
      const { runs: store, integrity } = find(id)
      const run = store.shown(runId)
      // What a file calls otherwise cannot be asked for, nor drawn; the integrity tells of it.
      const events = Object.fromEntries(
        runEventNames.flatMap((name) => (run.events[name] ? [[name, run.events[name]]] : [])),
      )
      const measured = run.measured.filter((name) => measurementNames.includes(name))
      return {
        ...run,
        events,
        measured,
        integrity: integrity.check(runId),
        newer: integrity.newer(runId),
        repetitions: store.repetitions(runId),
      }
    },
    async 'run.map'({ runIds, archive: id, options }) {
      const all = find(id).runs.summaries(runIds)
      requireAll(runIds, new Set(all.map((run) => run.id)))
      const runs = independentRuns(all)
      const panels = await caller.call('map.draw', { plane: { fields: differingFields(runs) }, runs, options })
      return panels.map((panel) => sayRepeats(panel, describeRepeats(all.length, runs.length)))
    },
    async 'run.curves'({ runIds, measurements, archive: id, points, ...range }) {
      const answer: RunCurves[] = []
      let maxPoints = maxCurvePoints
      for (const [place, runId] of runIds.entries()) {
        // What is left, shared among the curves that are yet to come.
        const share = Math.max(2, Math.floor(maxPoints / ((runIds.length - place) * measurements.length)))
        const spread = points === undefined ? {} : { points: Math.min(points, share) }
        // Found anew each time: meanwhile the archive may have been closed.
        const curves = find(id).curves.readCurves(runId, measurements, { ...range, ...spread, maxPoints })
        for (const { step } of Object.values(curves)) maxPoints -= step.length
        answer.push({ runId, curves })
        await nextTurn()
      }
      return answer
    },
    'run.snapshots': (data) => find(data.archive).snapshots.listSnapshots(data.runId),
    'run.matrix': (data) => find(data.archive).snapshots.readMatrix(data.runId, data.step, data.matrix),
    'analysis.compute': ({ runId, step, kind, options, archive: id }) =>
      computeAnalysis((input) => caller.call('analysis.compute', input), find(id), runId, step, kind, options),
    'paper.show'({ figure, runIds, integrator }) {
      const figureOptions = integrator ? { integrator } : {}
      return runIds ? results.evaluate(figure, runIds, figureOptions) : results.show(figure, figureOptions)
    },
  }
}
