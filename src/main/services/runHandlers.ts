import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RunMove } from '../../shared/contract/runs.ts'
import type { SharedHandlers } from '../../shared/contract.ts'
import type { Submission } from '../../shared/contract/experiments.ts'
import type { Shelf } from '../../shared/query/runTable.ts'
import { shellQuoted } from '../../shared/shellQuoted.ts'
import type { Caller } from '../engine/host/caller.ts'
import type { Archive } from '../store/archive.ts'
import type { ArchiveService } from './archives.ts'
import type { Broadcast } from './broadcastEvents.ts'
import type { ExperimentService } from './experiments.ts'
import { collectFile } from './interchange/collectFile.ts'
import { exportFormatNames, exportFormatOf, exportFormats, type ExportFormat } from './interchange/exportFormats.ts'
import { exportRun } from './interchange/exportRun.ts'
import type { ReadAhead } from './readAhead.ts'
import type { ReadHandlers } from './readHandlers.ts'
import type { RunService } from './runs.ts'
import { withoutAnswer } from './withoutAnswer.ts'

type RunHandlers = Omit<Pick<SharedHandlers, Extract<keyof SharedHandlers, `run.${string}`>>, keyof ReadHandlers>

interface RunHandlersOptions {
  /** One's own. */
  archive: Archive
  /** That, and those opened beside it. */
  archives: Pick<ArchiveService, 'find'>
  runs: RunService
  experiments: ExperimentService
  caller: Caller
  readAhead: ReadAhead
  broadcast: Broadcast
}

/** Answers what is asked of lists of runs, and does to runs what a person does to them. */
export function createRunHandlers(options: RunHandlersOptions): RunHandlers {
  const { archive, archives, runs, experiments, caller, readAhead, broadcast } = options
  const changed = (runIds: readonly string[]) => broadcast('run.changed', archive.runs.summaries([...new Set(runIds)]))
  return {
    'run.table'({ archive: id, ...question }) {
      const { tables } = archives.find(id)
      const page = tables.page(question)
      void readAhead(() => tables.readAhead(question.columns, question.terms))
      return page
    },
    'run.ids': ({ archive: id, ...question }) => archives.find(id).tables.ids(question),
    'run.differing': ({ archive: id, ...question }) => ({ columns: archives.find(id).tables.differing(question) }),
    'run.values': ({ archive: id, ...question }) => archives.find(id).tables.values(question),
    async 'run.newer'({ runIds }) {
      const newer: string[] = []
      for (const [place, runId] of runIds.entries()) {
        if (archive.integrity.newer(runId) !== null) newer.push(runId)
        if (place % 20 === 19) await nextTurn()
      }
      return { runIds: newer }
    },
    'run.pause': withoutAnswer(({ runIds }) => runs.pause(runIds)),
    'run.continue': withoutAnswer(({ runIds }) => runs.continue(runIds)),
    'run.cancel': withoutAnswer(({ runIds }) => runs.cancel(runIds)),
    'run.resume': withoutAnswer(({ runIds }) => runs.resume(runIds)),
    'run.extend': withoutAnswer(({ runIds, steps }) => runs.resume(runIds, steps)),
    'run.branch': ({ runId, step, spec, ...extra }): Promise<Submission> =>
      experiments.branch(runId, step, spec, extra),
    'run.rerun': ({ runIds }) => experiments.rerun(runIds),
    'run.rename': withoutAnswer(({ runId, name }) => {
      archive.library.rename(runId, name)
      changed([runId])
    }),
    'run.annotate': ({ runId, notes, before }) => ({ notes: archive.library.annotate(runId, notes, before) }),
    'run.tag'({ changes }) {
      const undo = archive.together(() =>
        changes.flatMap(({ runIds, ...tags }) => archive.library.tag(runIds, tags)).reverse(),
      )
      changed(changes.flatMap(({ runIds }) => runIds))
      return { changes: undo }
    },
    'run.move'({ moves }) {
      const undo = archive.together(() => moves.map(({ runIds, to }) => archive.library.move(runIds, to)))
      changed(moves.flatMap(({ runIds }) => runIds))
      return { moves: firstPlaces(undo.flat()) }
    },
    'run.purge': withoutAnswer(({ runIds }) => {
      archive.library.purge(runIds)
      broadcast('run.removed', { runIds })
    }),
    'run.export': ({ runId, format, archive: id }) =>
      collectFile(
        exportRun(archives.find(id), runId, exportFormatOf(format), caller),
        `grokscope export ${runId} --format ${format} --out FILE --archive ${shellQuoted(archives.find(id).path)}`,
      ),
    'run.exportFormats': () =>
      exportFormatNames.map((name) => {
        const { label, ending, about, needs }: ExportFormat = exportFormats[name]
        return { name, label, ending, about, ...(needs ? { needs } : {}) }
      }),
  }
}

/** One move to each shelf; a run that was moved twice goes where it was at first. */
function firstPlaces(moves: readonly RunMove[]): RunMove[] {
  const places = new Map<string, Shelf>()
  for (const { runIds, to } of moves) for (const runId of runIds) if (!places.has(runId)) places.set(runId, to)
  return [...Map.groupBy(places, ([, to]) => to)].map(([to, members]) => ({ runIds: members.map(([id]) => id), to }))
}
