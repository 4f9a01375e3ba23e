import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClientWatch } from '../../../src/main/services/clientWatch.ts'
import { dispatch } from '../../../src/main/services/dispatch.ts'
import { openLaboratory, type Laboratory } from '../../../src/main/services/laboratory.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import type { RequestInput, RequestName, Responses } from '../../../src/shared/contract.ts'
import { errorAdvice, LabError } from '../../../src/shared/errors.ts'
import { isSettled, type RunSummary } from '../../../src/shared/run.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { inProcessWorkers } from '../../support/inProcessWorkers.ts'
import { faults, storeFaults } from '../../support/storeFaults.ts'

const specification = {
  name: 'disturbed',
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.6 },
  network: { hidden: 16 },
  dynamics: { kind: 'isolated', steps: 12 },
  record: { measureEvery: 2, snapshots: [4] },
}

/** Two runs are computed for each of their writes. */
const patience = 1_200_000
const archivePath = join(temporaryFolder(), 'faults.grokscope')
const store = storeFaults()
const told = new Map<string, RunSummary>()
const logged: string[] = []
/** Content hashes of runs that were never disturbed, by seed. */
const undisturbed = new Map<number, string>()
let laboratory: Laboratory
/** Writes of two runs, from their submission to their end. */
let writes: number

beforeAll(async () => {
  laboratory = openLaboratory({
    archivePath,
    cacheFolder: undefined,
    startWorker: inProcessWorkers,
    host: {
      chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
      chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
    },
    slots: 2,
    backend: { kind: 'plain', threads: 1 },
    log: (line) => logged.push(line),
  })
  laboratory.subscribe((name, data) => {
    if (name === 'run.changed') for (const summary of data as RunSummary[]) told.set(summary.id, summary)
  })
  store.heal()
  for (const { seed, contentHash } of await computed([0, 1])) undisturbed.set(seed, contentHash!)
  writes = store.writes()
  for (const { seed, contentHash } of await computed([2])) undisturbed.set(seed, contentHash!)
}, patience)

afterAll(async () => {
  store.restore()
  await laboratory.close()
})

async function ask<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Responses[Name]> {
  const answer = await dispatch(createClientWatch(laboratory.handlers).handlers, name, input, (line) =>
    logged.push(line),
  )
  if (!answer.ok) throw LabError.fromRecord(answer.error)
  return answer.data as Responses[Name]
}

const submit = async (seeds: number[]) => (await ask('experiment.submit', { spec: { ...specification, seeds } })).runIds

/** The runs once none of them is active; what was told of them is what is answered for them. */
async function ended(runIds: readonly string[]): Promise<RunSummary[]> {
  while (runIds.some((runId) => laboratory.runs.isActive(runId)) || laboratory.activeRuns() > 0) await nextTurn()
  if (runIds.length === 0) return []
  const listed = new Map((await ask('run.list', { runIds: [...runIds] })).runs.map((run) => [run.id, run]))
  return runIds.map((runId) => {
    const { status, message } = listed.get(runId)!
    expect(isSettled(status)).toBe(true)
    expect(told.get(runId)).toMatchObject({ status, message })
    return listed.get(runId)!
  })
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const computed = async (seeds: number[]) => ended(await submit(seeds))

function expectUndisturbed(runs: readonly RunSummary[]): void {
  for (const { seed, status, message, contentHash } of runs) {
    expect({ status, message, contentHash }).toEqual({
      status: 'finished',
      message: null,
      contentHash: undisturbed.get(seed),
    })
  }
}

/** What must be so after any fault: the queue goes on, and what failed is resumed to the bits of an undisturbed run. */
async function expectRecovery(runs: readonly RunSummary[]): Promise<void> {
  expectUndisturbed(await computed([2]))
  const failed = runs.filter(({ status }) => status !== 'finished').map(({ id }) => id)
  if (failed.length > 0) await ask('run.resume', { runIds: failed })
  expectUndisturbed(await ended(runs.map(({ id }) => id)))
}

describe('a store that fails at one write', () => {
  it(
    'takes one run with it at most, whichever write and whatever it throws; the other ends equal to the bit',
    async () => {
      for (let at = 1; at <= writes; at++) {
        const { name, create } = faults[at % faults.length]!
        store.inject(at, create, { count: 1 })
        const runIds = await submit([0, 1]).catch(() => [])
        const runs = await ended(runIds)
        store.heal()
        const failed = runs.filter(({ status }) => status !== 'finished')
        expect([at, name, failed.length <= 1]).toEqual([at, name, true])
        for (const { status, message } of failed) {
          expect([at, name, status]).toEqual([at, name, 'failed'])
          expect(message).toMatch(/\w{3}/)
        }
        expectUndisturbed(runs.filter(({ status }) => status === 'finished'))
        await expectRecovery(runs)
      }
      expect(writes).toBeGreaterThan(faults.length)
      expect(logged.some((line) => /^run \w+: .*\n {4}at /s.test(line))).toBe(true)
    },
    patience,
  )
})

it('experiments that are asked for together are all made, or none, whichever write fails', async () => {
  const count = async () => (await ask('run.list', {})).total
  const before = await count()
  let made: { runIds: string[] }[] = []
  let at = 0
  while (made.length === 0) {
    store.inject(++at, faults[0]!.create, { count: 1 })
    made = await laboratory.experiments.submitAll([specification, specification]).catch(() => [])
    store.heal()
    expect([at, (await count()) - before]).toEqual([at, made.length])
  }
  expect(at).toBeGreaterThan(5)
  const runs = await ended(made.flatMap(({ runIds }) => runIds))
  await expectRecovery(runs)
})

describe('a store that takes nothing more of one run', () => {
  it(
    'ends that run, told from memory, and no other, from whichever of its writes on',
    async () => {
      let at = 0
      for (let reached = true; reached;) {
        const { name, create } = faults[++at % faults.length]!
        const [disturbed, other] = (await submit([0, 1])) as [string, string]
        store.inject(at, create, { runId: disturbed })
        const runs = await ended([disturbed, other])
        reached = store.writes() >= at
        expect([at, name, ...runs.map(({ status }) => status)]).toEqual([
          at,
          name,
          reached ? 'failed' : 'finished',
          'finished',
        ])
        expectUndisturbed(runs.slice(reached ? 1 : 0))
        if (reached) await expect(submit([3])).rejects.toThrow(LabError)
        store.heal()
        // A change of several runs that is refused undoes nothing of how this one ended.
        await expect(ask('run.resume', { runIds: [disturbed, other] })).rejects.toThrow(/is finished/)
        await expectRecovery(runs)
      }
      expect(at).toBeGreaterThan(20)
    },
    patience,
  )
})

describe('a store that fails from some write on', () => {
  it.each(faults)('with $name: new runs are refused, what failed is told, and all of it mends', async ({ create }) => {
    // Somewhere between the first event and the last.
    store.inject(Math.ceil(writes / 2), create)
    const runs = await ended(await submit([0, 1]))
    expect(runs.map(({ status }) => status)).toContain('failed')
    for (const run of runs.filter(({ status }) => status === 'failed')) {
      const { code, message, advice } = await ask('run.show', { runId: run.id })
      expect(advice).toBe(errorAdvice[code!])
      expect(message).toBe(run.message)
    }
    await expect(submit([3])).rejects.toThrow(LabError)
    await expect(ask('run.resume', { runIds: [runs[0]!.id] })).rejects.toThrow(LabError)
    store.heal()
    await expectRecovery(runs)
  })

  it('has the ends that it could not take also where the first request after that is refused', async () => {
    const [finished] = await computed([2])
    store.inject(Math.ceil(writes / 2), faults.find(({ name }) => name === 'SQLITE_FULL')!.create)
    const runs = await ended(await submit([0, 1]))
    store.heal()
    const failed = runs.filter(({ status }) => status === 'failed').map(({ id }) => id)
    const refused = ask('run.resume', { runIds: [...failed, finished!.id] })
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' })
    for (const runId of failed) expect(await ask('run.show', { runId })).toMatchObject({ status: 'failed' })
    await expectRecovery(runs)
  })

  it('because its disk is full says so, and what to do', async () => {
    const full = faults.filter(
      ({ name }) => /FULL$|ENOSPC|EDQUOT|EFBIG/.test(name) && name !== 'SQLITE_CANTOPEN_FULLPATH',
    )
    for (const { create } of full) {
      store.inject(Math.ceil(writes / 2), create)
      const runs = await ended(await submit([0, 1]))
      store.heal()
      const { code, message } = runs.find(({ status }) => status === 'failed')!
      expect([code, message]).toEqual(['DISK_FULL', expect.stringMatching(/the disk is full|quota|grow that large/)])
      await expectRecovery(runs)
    }
  })
})

it('in the archive every run is whole in the end', async () => {
  await laboratory.close()
  const archive = openArchive(archivePath, { readOnly: true })
  const runs = archive.runs.listRuns()
  expect(runs.length).toBeGreaterThan(2 * writes)
  expectUndisturbed(runs)
  archive.close()
})
