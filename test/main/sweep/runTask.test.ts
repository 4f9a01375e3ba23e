import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { statusCommand } from '../../../src/main/cli/commands/sweep.ts'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import { collectSweep } from '../../../src/main/services/sweeps/collectSweep.ts'
import { runSweepHere } from '../../../src/main/services/sweeps/runSweepHere.ts'
import { computeTask } from '../../../src/main/sweep/computeTask.ts'
import { runTask } from '../../../src/main/sweep/runTask.ts'
import { prepareSweepFolder } from '../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { listJournals, listProblems, problemPath, readRun, surveySweep } from '../../../src/main/sweep/sweepJournals.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { stopSignals } from '../../../src/shared/stopSignals.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { workerProgram } from '../../support/program.ts'

const sweepOf = async (steps: number, more: object = {}) =>
  prepareSweepFolder(
    join(temporaryFolder(), 'sweep'),
    planSweep({
      base: {
        task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
        network: { hidden: 8 },
        dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps },
        ...more,
      },
      axes: [{ field: 'dynamics.weightDecay', values: [0.1, 0.2] }],
      seeds: 2,
    }),
    [],
  )
const never = new AbortController().signal

describe('what a task cannot compute', () => {
  it('is left and told, the rest goes on, until as many as were named have failed; computed later, it is told no more', async () => {
    const sweep = await sweepOf(50)
    const impossible = { signal: never, threads: 65 }
    const outcome = await computeTask(sweep, 0, { ...impossible, stopAfterFailures: 2 })
    expect(outcome).toMatchObject({ finished: 0, failed: 0, left: 4, hasAdvanced: false })
    expect(outcome.problems).toEqual(
      sweep.keys.slice(0, 2).map((key) => `run ${key}: threads is 65, allowed: whole numbers from 1 to 64`),
    )
    expect(listProblems(sweep).sort()).toEqual(sweep.keys.slice(0, 2).toSorted())
    expect(readFileSync(problemPath(sweep, sweep.keys[0]!), 'utf8')).toMatch(/^threads is 65/)
    // In another task too.
    expect((await computeTask(sweep, 0, { signal: never, stopAfterFailures: 2 })).left).toBe(4)
    expect((await computeTask(sweep, 0, impossible)).problems).toHaveLength(4)
    expect(await computeTask(sweep, 0, { signal: never })).toMatchObject({ finished: 4, left: 0, hasAdvanced: true })
    expect(listProblems(sweep)).toEqual([])
    expect(surveySweep(sweep).finished).toBe(4)
  })

  it('is told no more once it was computed elsewhere', async () => {
    const sweep = await sweepOf(50)
    await computeTask(sweep, 0, { signal: never, threads: 65 })
    expect(listProblems(sweep)).toHaveLength(4)
    const startWorker = nodeWorkers(workerProgram)
    await runSweepHere(sweep, { slots: 1, startWorker, signal: never, onProgress: () => undefined })
    expect(surveySweep(sweep).finished).toBe(4)
    expect(listProblems(sweep)).toEqual([])

    // As another machine writes it that is slower.
    writeFileSync(problemPath(sweep, sweep.keys[0]!), 'too late\n')
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    await statusCommand(sweep.path, { json: true })
    const told = write.mock.calls.map(([text]) => String(text)).join('')
    write.mockRestore()
    expect(JSON.parse(told)).toMatchObject({ finished: 4, problems: 0, notComputed: [] })
    expect(await computeTask(sweep, 0, { signal: never })).toMatchObject({ finished: 4, problems: [] })
    expect(listProblems(sweep)).toEqual([])
  })

  it('does not count as a failure then, whatever its place', async () => {
    const sweep = await sweepOf(50)
    await computeTask(sweep, 0, { signal: never })
    const last = sweep.keys.at(-1)!
    for (const [key, paths] of listJournals(sweep)) if (key !== last) for (const path of paths) rmSync(path)
    mkdirSync(dirname(problemPath(sweep, last)), { recursive: true })
    writeFileSync(problemPath(sweep, last), 'it had failed before\n')
    const { finished, left } = await computeTask(sweep, 0, { signal: never, stopAfterFailures: 1 })
    expect({ finished, left }).toEqual({ finished: 4, left: 0 })
  })

  it('comes to the same bits on two threads', async () => {
    const results = []
    for (const threads of [1, 2]) {
      const sweep = await sweepOf(50)
      await computeTask(sweep, 0, { signal: never, threads })
      const path = join(sweep.path, '../a.grokscope')
      collectSweep(sweep, path)
      const archive = openArchive(path, { readOnly: true })
      expect(archive.sweeps.list()).toEqual([{ path: sweep.path, computes: false }])
      results.push(
        archive.runs
          .listRuns()
          .map((run) => `${run.specificationHash} ${run.contentHash}`)
          .sort(),
      )
      archive.close()
    }
    expect(results[0]).toEqual(results[1])
    expect(results[0]).toHaveLength(4)
  })
})

it('a task that is told to end while the start of a run is trained ends, and leaves that to be begun anew', async () => {
  const initialization = { kind: 'trained', steps: 1e6, learningRate: 0.1, weightDecay: 0 }
  const sweep = await sweepOf(50, { initialization, network: { hidden: 2048 } })
  const controller = new AbortController()
  const computed = computeTask(sweep, 0, { signal: controller.signal })
  controller.abort()
  expect(await computed).toMatchObject({ finished: 0, left: 4, hasAdvanced: false, problems: [] })
  expect(surveySweep(sweep)).toMatchObject({ begun: 1, finished: 0, failed: 0 })
  expect(readRun(sweep, sweep.keys[0]!, listJournals(sweep).get(sweep.keys[0]!))).toMatchObject({ snapshot: undefined })
})

describe('the exit of a task', () => {
  const before = [...stopSignals, 'SIGUSR1' as const].map((signal) => [signal, process.listeners(signal)] as const)
  afterEach(() => {
    vi.restoreAllMocks()
    for (const [signal, listeners] of before) {
      for (const listener of process.listeners(signal)) {
        if (!listeners.includes(listener)) process.removeListener(signal, listener)
      }
    }
  })
  const bytesIn = (path: string) =>
    readdirSync(join(path, 'journals')).reduce((sum, name) => sum + statSync(join(path, 'journals', name)).size, 0)

  it.each([
    ['75 where it was warned and had come further', ['SIGUSR1'], true, 75],
    ['1 where it was warned before it came further', ['SIGUSR1'], false, 1],
    ['1 where it was warned, and then told to end', ['SIGUSR1', 'SIGTERM'], true, 1],
    ['1 where it was told to end, and then warned', ['SIGTERM', 'SIGUSR1'], true, 1],
  ] as const)('is %s', async (_, signals, isComputing, expected) => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const sweep = await sweepOf(10_000_000)
    const ended = runTask(sweep.path, 0)
    while (isComputing && bytesIn(sweep.path) < 1000) await new Promise((resolve) => setTimeout(resolve, 10))
    for (const signal of signals) process.emit(signal)
    expect(await ended).toBe(expected)
    const says = isComputing ? [] : [['task 0: no run came further in this start, and none would in the next\n']]
    expect(told.mock.calls).toEqual(says)
  })
})
