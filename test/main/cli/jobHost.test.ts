import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { otherHost } from '../../../src/main/cli/jobHost.ts'
import { createClientWatch } from '../../../src/main/services/clientWatch.ts'
import { dispatch } from '../../../src/main/services/dispatch.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import type { HostConnection } from '../../../src/main/web/hostConnection.ts'
import type {
  HostEventName,
  HostEvents,
  RequestData,
  RequestName,
  SharedHandlers,
} from '../../../src/shared/contract.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { maxValues } from '../../../src/shared/findUnacceptable.ts'
import type { RunStatus, RunSummary } from '../../../src/shared/run.ts'
import { encodeRequest, maxMessageBytes } from '../../../src/shared/wire.ts'
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

  it('are those of experiments that hold more than a window takes at once, in their order', async () => {
    const { connection } = fakeWindow(submitting())
    const train = Array.from({ length: maxValues / 5 }, () => 0)
    const specs = Array.from({ length: 13 }, (_, place) => ({ name: String(place), train }))
    expect(await otherHost(connection, undefined).submit(specs, '/')).toEqual(specs.map(({ name }) => `run ${name}`))
    // One that is too large even alone is found before any other is submitted.
    const submitted = vi.spyOn(connection, 'request')
    const tooLarge = [...specs, { name: '13', train: Array.from({ length: maxValues }, () => 0) }]
    await expect(otherHost(connection, undefined).submit(tooLarge, '/')).rejects.toThrow('train holds too much')
    expect(submitted).not.toHaveBeenCalled()
  })

  it('are those of experiments that take more bytes than a window takes at once, in their order', async () => {
    const { connection } = fakeWindow(submitting())
    const note = 'x'.repeat(maxMessageBytes / 4)
    const specs = Array.from({ length: 6 }, (_, place) => ({ name: String(place), note }))
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

describe('what a command knows of its runs', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `run${i}`)

  /** A window that computes runs, with what each is, and what was told last of each to the command that begins them. */
  function hosted(count: number, answers: Partial<Answers> = {}) {
    const statuses = new Map<string, RunStatus>(ids(count).map((id) => [id, 'queued']))
    const fake = fakeWindow({
      'experiment.submitAll': () => [{ experimentId: 'e', runIds: ids(count) }],
      'run.list': ({ runIds: asked }) => listed(asked!),
      ...answers,
    })
    const listed = (asked: readonly string[]) => {
      const runs = asked.map((id) => runSummary({ id, status: statuses.get(id)! }))
      return { runs, total: runs.length }
    }
    const become = (id: string, status: RunStatus) => {
      statuses.set(id, status)
      fake.tell('run.changed', [runSummary({ id, status })])
    }
    const host = otherHost(fake.connection, undefined)
    const latest = new Map<string, RunStatus>()
    host.subscribe((name, data) => {
      if (name === 'run.changed') (data as RunSummary[]).forEach(({ id, status }) => latest.set(id, status))
    })
    return { ...fake, host, statuses, latest, listed, become, begin: () => host.submit([{}], '/') }
  }

  it('is what was told last, though a list made before comes after it, at once or much later', async () => {
    let asked = 0
    const { begin, become, latest, statuses, listed } = hosted(2500, {
      'run.list'({ runIds }) {
        const answer = listed(runIds!)
        // One of these, one of the first and one of those that are asked after last.
        asked += 1
        for (const id of [runIds![asked]!, `run${10 + asked}`, `run${2400 + asked}`]) become(id, 'finished')
        return answer
      },
    })
    await begin()
    expect(asked).toBe(3)
    expect(latest).toEqual(statuses)
  })

  it('is what was told in the same moment as the list that was made before it', async () => {
    const { begin, become, latest, onAnswer } = hosted(1)
    // As of a socket that reads both at once: who waits for the answer goes on after the event.
    onAnswer((name) => name === 'run.list' && become('run0', 'finished'))
    await begin()
    expect([...latest]).toEqual([['run0', 'finished']])
  })

  it('is read anew where events were lost', async () => {
    const { begin, latest, statuses, lose } = hosted(1200)
    await begin()
    for (const id of ids(1200)) statuses.set(id, 'finished')
    expect(new Set(latest.values())).toEqual(new Set(['queued']))
    lose()
    await expect.poll(() => latest).toEqual(statuses)
  })

  it('fails the command where it cannot be read anew, which would wait for ever', async () => {
    let isDamaged = false
    const { begin, host, lose, listed } = hosted(3, {
      'run.list'({ runIds }) {
        if (isDamaged) throw new LabError('ARCHIVE_UNREADABLE', 'the archive cannot be read')
        return listed(runIds!)
      },
    })
    await begin()
    isDamaged = true
    lose()
    await expect(host.gone).rejects.toThrow('cannot be followed: the archive cannot be read')
  })

  it.each([1, 7, 2500, 21_000])(
    'does not stand in the way of stopping all of %i, while they end one by one',
    async (count) => {
      const { begin, host, statuses, become } = hosted(count, {
        'run.cancel'({ runIds }) {
          const ended = runIds.find((id) => statuses.get(id) !== 'queued')
          if (ended !== undefined) throw new LabError('CONFLICT', `run ${ended} has ended`)
          for (const id of runIds) become(id, 'cancelled')
          return null
        },
        'run.list'({ runIds }) {
          const runs = runIds!.map((id) => runSummary({ id, status: statuses.get(id)! }))
          const next = [...statuses].find(([, status]) => status === 'queued')
          if (next) become(next[0], 'finished')
          return { runs, total: runs.length }
        },
      })
      const runIds = await begin()
      host.cancel(runIds)
      await expect.poll(() => [...statuses.values()]).not.toContain('queued')
      if (count > 1000) expect([...statuses.values()].at(-1)).toBe('cancelled')
    },
  )

  it('fails the command where its runs cannot be stopped', async () => {
    const { begin, host } = hosted(3, {
      'run.cancel'() {
        throw new LabError('DISK_FULL', 'the disk is full')
      },
    })
    host.cancel(await begin())
    await expect(host.gone).rejects.toThrow('could not be stopped: the disk is full')
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
  let lose = () => {}
  let answered: (name: RequestName) => unknown = () => {}
  const connection: HostConnection = {
    async request(name, input) {
      encodeRequest(0, name, input)
      const result = await dispatch(watch.handlers, name, input)
      answered(name)
      if (!result.ok) throw LabError.fromRecord(result.error)
      return result.data as never
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onEventsLost: (listener) => void (lose = listener),
    gone: new Promise(() => {}),
    close: () => {},
  }
  return {
    connection,
    lose: () => lose(),
    onAnswer: (listener: typeof answered) => void (answered = listener),
    tell<Name extends HostEventName>(name: Name, data: HostEvents[Name]): void {
      const part = watch.select(name, data)
      if (part !== undefined) listeners.forEach((listener) => listener(name, part))
    },
  }
}
