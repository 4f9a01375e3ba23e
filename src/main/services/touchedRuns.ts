import type { HostEventName, HostEvents } from '../../shared/contract.ts'
import type { RunSummary } from '../../shared/run.ts'

/** Gathers which runs events are of, and tells it, so that lists are read again now and then. */
export interface TouchedRuns {
  note<Name extends HostEventName>(name: Name, data: HostEvents[Name]): void
  end(): void
}

const shortestInterval = 200
/** More than a list shows are told of as many. */
const maxNamed = 1000

export function createTouchedRuns(tell: (data: HostEvents['runs.touched']) => void): TouchedRuns {
  const touched = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  /** At once after a pause, else when the interval is over. */
  function ask(): void {
    if (timer || touched.size === 0) return
    timer = setTimeout(() => {
      timer = undefined
      ask()
    }, shortestInterval).unref()
    const runIds = touched.size > maxNamed ? null : [...touched]
    touched.clear()
    tell({ runIds })
  }

  return {
    note(name, data) {
      for (const runId of runsOf(name, data)) touched.add(runId)
      ask()
    },
    end() {
      clearTimeout(timer)
      touched.clear()
    },
  }
}

function runsOf<Name extends HostEventName>(name: Name, data: HostEvents[Name]): readonly string[] {
  if (name === 'run.changed') return (data as RunSummary[]).map(({ id }) => id)
  if (name === 'run.removed') return (data as HostEvents['run.removed']).runIds
  return ofOneRun.includes(name) ? [(data as { runId: string }).runId] : []
}

/** A saved snapshot is in no list. */
const ofOneRun: readonly HostEventName[] = ['run.progress', 'run.measured', 'run.event']
