import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JobHost } from '../../../src/main/cli/jobHost.ts'
import { watchRuns } from '../../../src/main/cli/watchRuns.ts'
import type { RunStatus, RunSummary } from '../../../src/shared/run.ts'

describe('watching runs', () => {
  beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
  afterEach(() => void vi.restoreAllMocks())

  it('waits for the runs that were asked for and for no others, also for one that goes on', async () => {
    const { host, tell } = fakeHost()
    const watch = watchRuns(host, false)
    let ended: string[] | undefined
    tell('early', 'finished')
    const waiting = watch.untilEnded(['early', 'a', 'b']).then((runs) => (ended = runs.map(({ id }) => id)))
    tell('another', 'running')
    tell('a', 'finished')
    tell('a', 'queued')
    tell('b', 'failed')
    await Promise.resolve()
    expect(ended).toBeUndefined()
    tell('a', 'cancelled')
    await waiting
    expect(ended).toEqual(['early', 'a', 'b'])
    watch.end()
  })

  it('is over at once where none is left', async () => {
    const { host } = fakeHost()
    const watch = watchRuns(host, false)
    expect(await watch.untilEnded([])).toEqual([])
    watch.end()
  })

  it('asks after a run as often as it is told of, however many others there are', async () => {
    const { host, tell, asked } = fakeHost()
    const watch = watchRuns(host, false)
    const ids = Array.from({ length: 300 }, (_, i) => `run${i}`)
    for (const id of ids) tell(id, 'queued')
    const waiting = watch.untilEnded(ids)
    const before = asked()
    for (const id of ids) tell(id, 'finished')
    await waiting
    expect(asked() - before).toBeLessThan(10 * ids.length)
    watch.end()
  })
})

/** A host that says of runs what it is told to, and counts how often their status is read. */
function fakeHost() {
  let reads = 0
  let listener: Parameters<JobHost['subscribe']>[0] = () => {}
  const host = {
    subscribe(given: typeof listener) {
      listener = given
      return () => {}
    },
    cancel: () => {},
    gone: new Promise<never>(() => {}),
  } as unknown as JobHost
  return {
    host,
    asked: () => reads,
    tell(id: string, status: RunStatus) {
      const summary = { id, name: id, step: 0, steps: 1 } as RunSummary
      Object.defineProperty(summary, 'status', {
        get() {
          reads += 1
          return status
        },
      })
      listener('run.changed', [summary])
    },
  }
}
