import { expect, it, onTestFinished, vi } from 'vitest'
import { eventsOf, measured, settled, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'

const archives = temporaryArchives()

/** What better-sqlite3 evaluates to make rows of: once for a statement, and again whenever SQLite has had to prepare it anew. */
function watchRowFactories(): string[] {
  const made: string[] = []
  const watched = new Proxy(Function, {
    apply(target, self, given: string[]) {
      made.push(given.join())
      return Reflect.apply(target, self, given) as unknown
    },
  })
  vi.stubGlobal('Function', watched)
  onTestFinished(() => void vi.unstubAllGlobals())
  return made
}

it('a statement that has served one run serves the others as it is', () => {
  const archive = archives.open()
  const made = watchRowFactories()
  const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1, 2, 3, 4] }) })
  const serve = (runId: string) => {
    const told = [started, snapshot(0), measured(0, { trainLoss: 3 }), measured(10, { trainLoss: 2 }), snapshot(10)]
    archive.applyEvents(eventsOf(runId, told))
    archive.applyEvents(eventsOf(runId, [settled()], told.length))
    archive.integrity.check(runId)
    archive.runs.run(runId)
    archive.snapshots.listSnapshots(runId)
    archive.snapshots.latestSnapshot(runId)
  }
  serve(runIds[0]!)
  expect(made.length).toBeGreaterThan(10)
  made.length = 0
  runIds.slice(1).forEach(serve)
  expect(made).toEqual([])
})
