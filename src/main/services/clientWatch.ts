import type { Handlers, HostEventName, HostEvents, SharedHandlers, Submission } from '../../shared/contract.ts'
import type { RunSummary } from '../../shared/run.ts'

/** The runs that one client of a laboratory watches: of single runs it is told of these alone. */
export interface ClientWatch {
  /** Those of the laboratory, and `run.watch`, which is in force as soon as it is called, as new runs are that are to be watched. */
  readonly handlers: Handlers
  set(runIds: readonly string[]): void
  /** What this client is told of an event: `data` itself where that is all of it, undefined where it is nothing. */
  select<Name extends HostEventName>(name: Name, data: HostEvents[Name]): HostEvents[Name] | undefined
}

export function createClientWatch(shared: SharedHandlers): ClientWatch {
  let watched: ReadonlySet<string> = new Set()
  const set = (runIds: readonly string[]) => void (watched = new Set(runIds))
  const add = (submissions: readonly Submission[]) => set([...watched, ...submissions.flatMap(({ runIds }) => runIds)])
  return {
    handlers: {
      ...shared,
      'run.watch'({ runIds }) {
        set(runIds)
        return null
      },
      async 'experiment.submitAll'(data) {
        const submissions = await shared['experiment.submitAll'](data)
        if (data.watch) add(submissions)
        return submissions
      },
      async 'paper.run'(data) {
        const answer = await shared['paper.run'](data)
        if (data.watch) add(answer.begun)
        return answer
      },
    },
    set,
    select(name, data) {
      if (name === 'run.changed') {
        const told = (data as RunSummary[]).filter(({ id }) => watched.has(id))
        if (told.length === (data as RunSummary[]).length) return data
        return told.length > 0 ? (told as typeof data) : undefined
      }
      if (!ofOneRun.includes(name)) return data
      return watched.has((data as { runId: string }).runId) ? data : undefined
    },
  }
}

const ofOneRun: readonly HostEventName[] = ['run.progress', 'run.measured', 'run.event', 'run.snapshotSaved']
