import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { eventsOf, readJournal } from '../../../src/main/journal/journal.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { runCommandLine, startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'

const folder = temporaryFolder()
const patience = 600_000

const sweep = {
  name: 'to be killed',
  base: {
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
    network: { hidden: 32 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, steps: 20_000 },
    record: { measureEvery: 100, snapshots: Array.from({ length: 20 }, (_, place) => 1000 * (place + 1)) },
  },
  axes: [
    { field: 'dynamics.weightDecay', from: 0.25, to: 4, count: 3, scale: 'log' },
    { field: 'task.trainFraction', values: [0.6, 0.8] },
  ],
  seeds: 2,
}
writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep))

const journalsOf = (name: string) => {
  const path = join(folder, name, 'journals')
  return existsSync(path) ? readdirSync(path).map((file) => join(path, file)) : []
}
const bytesOf = (name: string) => journalsOf(name).reduce((sum, path) => sum + statSync(path).size, 0)

/** Of every run of an archive by its specification: what it computed. */
function resultsOf(archive: string): Map<string, string> {
  const opened = openArchive(join(folder, archive), { readOnly: true })
  try {
    const runs = opened.runs.listRuns()
    for (const run of runs) expect([run.status, run.contentHash === null]).toEqual(['finished', false])
    expect(new Set(runs.map((run) => run.specificationHash)).size).toBe(runs.length)
    return new Map(runs.map((run) => [run.specificationHash!, run.contentHash!]))
  } finally {
    opened.close()
  }
}

/** The step at which an attempt began; -1 where it had not. */
function startOf(path: string): number {
  const first = readJournal(path, ({ frames }) => eventsOf(frames).next().value)
  return first?.type === 'started' ? first.step : -1
}

/** Waits until the journals of a sweep have grown by so many bytes, or the program has ended. */
async function untilGrown(name: string, bytes: number, hasEnded: () => boolean): Promise<void> {
  const before = bytesOf(name)
  while (bytesOf(name) < before + bytes && !hasEnded()) await new Promise((resolve) => setTimeout(resolve, 20))
}

const singleRuns = async () => {
  const specs = planSweep(sweep).cells.map(({ spec }) => spec)
  writeFileSync(join(folder, 'single.json'), JSON.stringify(specs))
  const given = ['run', 'single.json', '--backend', 'wasm', '--threads', '1', '--archive', 'single.grokscope']
  expect((await runCommandLine(folder, ...given)).code).toBe(0)
  return resultsOf('single.grokscope')
}

describe('a sweep', () => {
  it(
    'killed five times on the way comes to the same bits as its runs alone, each once',
    async () => {
      for (let kill = 0; kill < 5; kill++) {
        const words = ['sweep', 'run', 'sweep.json', '--out', 'killed']
        const { child, outcome, hasEnded } = startCommandLine(folder, words, { detached: true })
        await untilGrown('killed', 1_000_000, hasEnded)
        if (!hasEnded()) process.kill(-child.pid!, 'SIGKILL')
        await outcome
        // What a disk may leave behind a file that was being written.
        const newest = journalsOf('killed').toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
        if (newest) appendFileSync(newest, randomBytes(100))
        if (kill === 2) {
          // A run may lie in an archive before the others have ended.
          expect(
            (await runCommandLine(folder, 'sweep', 'collect', 'killed', '--archive', 'killed.grokscope')).code,
          ).toBe(0)
        }
      }
      const attempts = journalsOf('killed').length
      expect((await runCommandLine(folder, 'sweep', 'run', 'killed')).code).toBe(0)
      const status = await runCommandLine(folder, 'sweep', 'status', 'killed', '--json')
      expect(JSON.parse(status.stdout)).toMatchObject({ runs: 12, finished: 12, failed: 0, begun: 0, waiting: 0 })
      // Runs that had been saved went on, and those that had ended were not begun again.
      expect(Math.max(...journalsOf('killed').map(startOf))).toBeGreaterThan(0)
      expect(journalsOf('killed').length).toBeLessThan(attempts + 12)

      const collect = () => runCommandLine(folder, 'sweep', 'collect', 'killed', '--archive', 'killed.grokscope')
      const both = await Promise.all([collect(), collect()])
      expect(both.map(({ code }) => code).filter((code) => code !== 0 && code !== 75)).toEqual([])
      expect(both.map(({ code }) => code)).toContain(0)
      expect((await collect()).stdout).toMatch(/^0 runs added, 12 already present, 0 unfinished/)
      const results = resultsOf('killed.grokscope')
      expect(results.size).toBe(12)
      expect(results).toEqual(await singleRuns())
    },
    patience,
  )

  it(
    'passes over journals of something else, and names them; a run whose journals are damaged is computed again',
    async () => {
      cpSync(join(folder, 'killed'), join(folder, 'mixed'), { recursive: true })
      const [first, second] = journalsOf('mixed') as [string, string]
      const foreign = join(folder, 'mixed/journals', `${'f'.repeat(20)}.other.events`)
      writeFileSync(foreign, readFileSync(second))
      // Another run's journal under this run's name, and nothing of its own.
      const key = first.split('/').at(-1)!.split('.')[0]!
      for (const path of journalsOf('mixed')) if (path.includes(`/${key}.`)) writeFileSync(path, 'no journal')
      const other = journalsOf('mixed').find((path) => !path.includes(key) && path !== foreign)!
      writeFileSync(join(folder, 'mixed/journals', `${key}.x.events`), readFileSync(other))

      const status = await runCommandLine(folder, 'sweep', 'status', 'mixed')
      expect(status.stdout).toContain('12 runs: 11 finished, 0 failed, 0 begun, 1 not begun')
      expect(status.stderr).toMatch(
        new RegExp(
          `${key}\\..*\\.events and \\d+ more: not a journal of this sweep, or without a complete record; skipped`,
        ),
      )
      expect((await runCommandLine(folder, 'sweep', 'run', 'mixed')).code).toBe(0)
      expect((await runCommandLine(folder, 'sweep', 'collect', 'mixed', '--archive', 'mixed.grokscope')).code).toBe(0)
      expect(resultsOf('mixed.grokscope')).toEqual(resultsOf('killed.grokscope'))
    },
    patience,
  )
})

describe('a task of a sweep', () => {
  const long = { ...sweep, name: 'long', base: { ...sweep.base, dynamics: { ...sweep.base.dynamics, steps: 400_000 } } }

  it.each([
    ['SIGTERM', 1],
    ['SIGUSR1', 75],
  ] as const)(
    'saves its run at %s and ends with %i',
    async (signal, expected) => {
      writeFileSync(join(folder, 'long.json'), JSON.stringify(long))
      const name = `task-${signal}`
      const begun = startCommandLine(folder, ['sweep', 'run', 'long.json', '--out', name])
      await untilGrown(name, 1, begun.hasEnded)
      begun.child.kill('SIGTERM')
      expect((await begun.outcome).code).toBe(1)

      const { child, outcome, hasEnded } = startCommandLine(folder, ['sweep', 'task', name, '0'])
      await untilGrown(name, 20_000, hasEnded)
      child.kill(signal)
      const { code, stdout } = await outcome
      expect([code, stdout]).toEqual([expected, 'task 0: 0 finished, 0 failed, 12 left\n'])
    },
    patience,
  )

  it(
    'leaves a full disk with 75 where a run came further, with 1 where none did, and all that was written before it',
    async () => {
      cpSync(join(folder, 'task-SIGTERM'), join(folder, 'full'), { recursive: true })
      const paths = journalsOf('full')
      const before = paths.map((path) => readFileSync(path))
      const task = (fileBytes: number) =>
        startCommandLine(folder, ['sweep', 'task', 'full', '0'], { fileBytes }).outcome
      expect((await task(300_000)).code).toBe(75)
      // No snapshot fits into that.
      const second = await task(10_000)
      expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('no run came further')])
      expect(paths.map((path) => readFileSync(path))).toEqual(before)
      const run = await startCommandLine(folder, ['sweep', 'run', 'full'], { fileBytes: 60_000 }).outcome
      expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('a file may not grow that large here')])
    },
    patience,
  )

  it('that is not there is refused', async () => {
    const { code, stderr } = await runCommandLine(folder, 'sweep', 'task', 'killed', '12')
    expect([code, stderr]).toEqual([2, 'index 12 is not allowed; the sweep has tasks 0 to 0\n'])
  })
})
