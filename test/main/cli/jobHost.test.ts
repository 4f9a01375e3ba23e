import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { otherHost } from '../../../src/main/cli/jobHost.ts'
import { createClientWatch } from '../../../src/main/services/clientWatch.ts'
import { dispatch } from '../../../src/main/services/dispatch.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import type { HostConnection } from '../../../src/main/web/hostConnection.ts'
import type { HostEventName, HostEvents, RequestData, SharedHandlers } from '../../../src/shared/contract.ts'
import { LabError } from '../../../src/shared/errors.ts'
import type { RunStatus, RunSummary } from '../../../src/shared/run.ts'
import { smallSpec } from '../../support/archive.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { runSummary } from '../../support/runSummary.ts'

beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
afterEach(() => void vi.restoreAllMocks())

describe('the runs of a command that a window computes', () => {
  it.each([undefined, 200])(
    'go on, however many, each of them watched from its beginning (to step %s)',
    async (steps) => {
      const path = join(temporaryFolder(), 'a.grokscope')
      const archive = openArchive(path)
      const spec = smallSpec({ seeds: Array.from({ length: 700 }, (_, seed) => seed) })
      const runIds = [1, 2].flatMap(() => archive.runs.createExperiment({ spec }).runIds)
      archive.close()
      const { connection, tell } = fakeWindow({
        'run.resume': ({ runIds: resumed }) => tellOf(resumed, 'queued'),
        'run.extend': ({ runIds: extended }) => tellOf(extended, 'queued'),
        'run.list': ({ runIds: asked }) => ({ runs: asked!.map((id) => runSummary({ id })), total: asked!.length }),
      })
      const tellOf = (changed: readonly string[], status: RunStatus) => {
        tell(
          'run.changed',
          changed.map((id) => runSummary({ id, status })),
        )
        return null
      }
      const host = otherHost(connection, path)
      const told: RunSummary[] = []
      host.subscribe((name, data) => {
        if (name === 'run.changed') told.push(...(data as RunSummary[]))
      })
      expect(await host.resume(runIds, steps)).toEqual(runIds)
      const queued = told.filter(({ status }) => status === 'queued').map(({ id }) => id)
      expect(queued.toSorted()).toEqual(runIds.toSorted())
      told.length = 0
      tellOf(['another', runIds.at(-1)!], 'finished')
      expect(told.map(({ id }) => id)).toEqual([runIds.at(-1)])
    },
  )

  it('alone are told of, also while a device is prepared for those of others', async () => {
    const { connection, tell } = fakeWindow({
      'experiment.submitAll': () => [{ experimentId: 'e', runIds: ['own'] }],
      'run.list': () => ({ runs: [runSummary({ id: 'own', status: 'queued' })], total: 1 }),
    })
    const host = otherHost(connection, undefined)
    const prepared: string[] = []
    host.subscribe((name, data) => {
      if (name === 'run.preparing') prepared.push((data as HostEvents['run.preparing']).runId)
    })
    await host.submit([{}], '/')
    for (const runId of ['another', 'own']) tell('run.preparing', { runId, preparation: { doing: 'testing' } })
    expect(prepared).toEqual(['own'])
  })

  it('are those of more experiments than a window takes at once, in their order', async () => {
    const { connection } = fakeWindow(submitting())
    const specs = Array.from({ length: 2500 }, (_, place) => ({ name: String(place) }))
    expect(await otherHost(connection, undefined).submit(specs, '/')).toEqual(specs.map(({ name }) => `run ${name}`))
  })

  it('are those that a window had taken before it refused more, which is said with the reason', async () => {
    const { connection } = fakeWindow(submitting('1500'))
    const submit = (count: number) =>
      otherHost(connection, undefined).submit(
        Array.from({ length: count }, (_, place) => ({ name: String(2500 - count + place) })),
        '/',
      )
    const failure = { code: 'DISK_FULL' }
    await expect(submit(2500)).rejects.toMatchObject({
      ...failure,
      message: 'no room; the first 1\u2009000 of the 2\u2009500 experiments had been submitted before, and stay so',
    })
    await expect(submit(1000)).rejects.toMatchObject({ ...failure, message: 'no room' })
  })
})

/** Takes experiments, whose one run is called after each, but not a request with the one of this name. */
function submitting(refused?: string): Partial<Answers> {
  return {
    'experiment.submitAll': ({ specs }) => {
      if (specs.some(({ name }) => name === refused)) throw new LabError('DISK_FULL', 'no room')
      return specs.map(({ name }) => ({ experimentId: 'e', runIds: [`run ${String(name)}`] }))
    },
    'run.list': ({ runIds }) => ({ runs: runIds!.map((id) => runSummary({ id })), total: runIds!.length }),
  }
}

type Answers = { [Name in keyof SharedHandlers]: (data: RequestData<Name>) => unknown }

/** A window that answers some requests, checked by the contract, and tells this client what it watches. */
function fakeWindow(answers: Partial<Answers>) {
  const watch = createClientWatch(answers as SharedHandlers)
  const listeners = new Set<Parameters<HostConnection['subscribe']>[0]>()
  const connection: HostConnection = {
    async request(name, input) {
      const result = await dispatch(watch.handlers, name, input)
      if (!result.ok) throw LabError.fromRecord(result.error)
      return result.data as never
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onEventsLost: () => {},
    gone: new Promise(() => {}),
    close: () => {},
  }
  return {
    connection,
    tell<Name extends HostEventName>(name: Name, data: HostEvents[Name]): void {
      const part = watch.select(name, data)
      if (part !== undefined) listeners.forEach((listener) => listener(name, part))
    },
  }
}
