import { describe, expect, it, onTestFinished } from 'vitest'
import { RunRecords } from '../../../src/main/store/runRecords.ts'
import { eventsOf, measured, smallSpec, started, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

describe('an end that the archive could not take', () => {
  /** An archive of three runs, of which the first has failed while its disk was full, and the last is cancelled. */
  function leftEnd() {
    const archive = open()
    const { runs } = archive
    const { runIds } = runs.createExperiment({ spec: smallSpec({ seeds: [0, 1, 2] }) })
    const [first, second, third] = runIds as [string, string, string]
    runs.setStatus(third, 'cancelled')
    const { change } = RunRecords.prototype
    const restore = () => void (RunRecords.prototype.change = change)
    onTestFinished(restore)
    RunRecords.prototype.change = function (this: RunRecords, changed, ...rest) {
      if ([...changed].includes(first)) throw new Error('disk full')
      return change.call(this, changed, ...rest) as never
    }
    expect(() => runs.end([first], { status: 'failed' })).toThrow('disk full')
    const stored = () => {
      const reader = open(archive.path, { readOnly: true })
      return runIds.map((runId) => reader.runs.status(runId))
    }
    return { archive, runs, first, second, third, restore, stored }
  }

  it('is told all the same, in lists as well, and no other run is queued meanwhile', () => {
    const { archive, runs, first, third, stored } = leftEnd()
    expect(runs.listIds({ where: 'status:failed' })).toEqual([first])
    expect(runs.listRuns().map(({ status }) => status)).toEqual(['failed', 'queued', 'cancelled'])
    expect([runs.summary(first).status, runs.run(first).status, runs.status(first)]).toEqual(Array(3).fill('failed'))
    for (const queue of [() => runs.createExperiment({ spec: smallSpec() }), () => runs.requeue(third)]) {
      expect(queue).toThrow('disk full')
    }
    expect(() => archive.together(() => undefined)).toThrow('disk full')
    expect([runs.countRuns(), stored()]).toEqual([3, ['queued', 'queued', 'cancelled']])
  })

  it.each<[string, (left: ReturnType<typeof leftEnd>) => void]>([
    ['before runs are added', ({ runs }) => runs.createExperiment({ spec: smallSpec() })],
    ['before one is queued again', ({ runs, third }) => runs.requeue(third)],
    ['before changes that are made together', ({ archive }) => archive.together(() => undefined)],
    ['with what a run tells', ({ archive }) => archive.applyEvents([])],
    ['when it is asked for', ({ runs }) => runs.writeEnds()],
    ['before the archive is closed', ({ archive }) => archive.close()],
  ])('is written as soon as it can be: %s', (_, act) => {
    const left = leftEnd()
    left.restore()
    act(left)
    expect(left.stored().slice(0, 2)).toEqual(['failed', 'queued'])
  })

  it('stands in the way of nothing that a run tells, nor of closing', () => {
    const { archive, second, stored } = leftEnd()
    archive.applyEvents(eventsOf(second, [started]))
    archive.close()
    expect(stored()).toEqual(['queued', 'interrupted', 'cancelled'])
  })
})

describe('changes that are made together', () => {
  it('are all made or none', () => {
    const archive = open()
    const { runs, library } = archive
    const [runId] = runs.createExperiment({ spec: smallSpec() }).runIds as [string]
    archive.applyEvents(eventsOf(runId, [started, measured(0, { trainLoss: 1 })]))
    const next = eventsOf(runId, [measured(1, { trainLoss: 2 })], 2)
    const fail = () => {
      archive.applyEvents(next)
      library.rename(runId, 'another')
      throw new Error('no more')
    }
    expect(() => archive.together(fail)).toThrow('no more')
    expect([runs.summary(runId).name, runs.summary(runId).step]).toEqual(['small, seed 0', 0])
    // What was measured then is measured again.
    archive.applyEvents(next)
    expect(archive.curves.readColumn(runId, 'trainLoss')).toEqual(Float64Array.of(1, 2))
    expect(archive.together(() => (library.rename(runId, 'another'), 'done'))).toBe('done')
    expect(runs.summary(runId).name).toBe('another')
    expect(archive.integrity.check(runId)).toMatchObject({ findings: [] })
  })
})
