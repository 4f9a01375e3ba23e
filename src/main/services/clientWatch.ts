import type { Handlers, HostEventName, HostEvents, SharedHandlers } from '../../shared/contract.ts'
import type { RunSummary } from '../../shared/run.ts'
import { keptRows } from '../../shared/curves/keptRows.ts'

/** The runs that one client of a laboratory watches: of single runs it is told of these alone. */
export interface ClientWatch {
  /** Those of the laboratory, and `run.watch`, which is in force as soon as it is called, as runs are that begin and are to be watched. */
  readonly handlers: Handlers
  set(runIds: readonly string[], rows?: number): void
  /** What this client is told of an event: `data` itself where that is all of it, undefined where it is nothing. */
  select<Name extends HostEventName>(name: Name, data: HostEvents[Name]): HostEvents[Name] | undefined
}

export function createClientWatch(shared: SharedHandlers): ClientWatch {
  let watched: ReadonlySet<string> = new Set()
  let mostRows = Infinity
  const set = (runIds: readonly string[], rows = Infinity) => {
    watched = new Set(runIds)
    mostRows = rows
  }
  const add = (chosen: readonly { runIds: readonly string[] }[]) =>
    set([...watched, ...chosen.flatMap(({ runIds }) => runIds)], mostRows)
  return {
    handlers: {
      ...shared,
      'run.watch'({ runIds, rows }) {
        set(runIds, rows)
        return null
      },
      'run.resume'(data) {
        if (data.watch) add([data])
        return shared['run.resume'](data)
      },
      'run.extend'(data) {
        if (data.watch) add([data])
        return shared['run.extend'](data)
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
      if (!watched.has((data as { runId: string }).runId)) return undefined
      return name === 'run.measured' ? (fewerRows(data as MeasuredRows, mostRows) as typeof data) : data
    },
  }
}

const ofOneRun: readonly HostEventName[] = ['run.progress', 'run.measured', 'run.event', 'run.snapshotSaved']

type MeasuredRows = HostEvents['run.measured']

function fewerRows(rows: MeasuredRows, most: number): MeasuredRows {
  const { runId, step, tau, seconds, values } = rows
  const kept = keptRows(step, Object.values(values), most)
  if (!kept) return rows
  const pick = (numbers: Float64Array) => Float64Array.from(kept, (row) => numbers[row]!)
  return {
    runId,
    step: pick(step),
    tau: pick(tau),
    seconds: pick(seconds),
    values: Object.fromEntries(Object.entries(values).map(([name, numbers]) => [name, pick(numbers)])),
  }
}
