import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { runCommandLine, startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { figureIds, type FigureId } from '../../../src/shared/papers/papers.ts'

const specification = {
  name: 'stopped',
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 24 },
  dynamics: { kind: 'isolated', integrator: { kind: 'heun', stepSize: 0.001 } },
  record: { measureEvery: 1, snapshots: [400] },
}

function workplace(steps = 6000) {
  const folder = temporaryFolder()
  const dynamics = { ...specification.dynamics, steps }
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({ ...specification, dynamics }))
  const read = () => {
    const archive = openArchive(join(folder, 'a.grokscope'), { readOnly: true })
    const runs = archive.runs
      .listRuns()
      .map((run) => ({ ...run, kept: archive.snapshots.latestSnapshot(run.id)?.step }))
    archive.close()
    return runs
  }
  return { folder, read }
}

/** Starts the program in a group of its own and, once it measures, sends the signal to all of it, as a terminal does. */
async function stopWith(signal: NodeJS.Signals, folder: string, options: string[], times = 1) {
  const all = [...options, '--json', '--archive', 'a.grokscope']
  const { child, outcome, output, hasEnded } = startCommandLine(folder, all, { detached: true })
  await expect.poll(() => output().includes('"measured"') || hasEnded(), { interval: 5 }).toBe(true)
  for (let i = 0; i < times && !hasEnded(); i++) process.kill(-child.pid!, signal)
  return outcome
}

/** A run that was stopped on its way, and once more after it was resumed: the longer, the later the signals come. */
async function stoppedTwice() {
  for (let steps = 20_000; ; steps *= 4) {
    const { folder, read } = workplace(steps)
    const first = await stopWith('SIGHUP', folder, ['run', 'spec.json'], 2)
    if (first.code === 0) continue
    const [stopped] = read()
    const second = await stopWith('SIGHUP', folder, ['resume', stopped!.id])
    if (second.code !== 0) return { folder, read, first, stopped, second }
  }
}

describe.skipIf(process.platform === 'win32')('a terminal that closes', () => {
  it('saves what `run` and `resume` compute, also where it says so twice, and they go on to the bits of an unbroken run', async () => {
    const { folder, read, first, stopped, second } = await stoppedTwice()
    expect([first, second]).toMatchObject([
      { code: 1, signal: null },
      { code: 1, signal: null },
    ])
    expect(stopped).toMatchObject({ status: 'cancelled', kept: stopped!.step })
    const [again] = read()
    expect(again).toMatchObject({ status: 'cancelled', kept: again!.step })
    expect(again!.step).toBeGreaterThan(stopped!.step)
    await runCommandLine(folder, 'resume', stopped!.id, '--archive', 'a.grokscope')
    await runCommandLine(folder, 'run', 'spec.json', '--archive', 'a.grokscope')
    const hashes = read().map(({ status, contentHash }) => [status, contentHash])
    expect(hashes).toEqual([hashes[0], hashes[0]])
    expect(hashes[0]![0]).toBe('finished')
  })

  it('leaves no run without an end or an advice, however early an interrupt comes', async () => {
    const { folder, read } = workplace(2_000_000)
    for (const word of ['queued', 'running']) {
      const options = ['run', 'spec.json', '--set=seeds=[0,1,2]', '--yes', '--archive', 'a.grokscope']
      const { child, outcome } = startCommandLine(folder, options, { detached: true })
      let told = ''
      child.stderr!.on('data', (text: string) => (told += text))
      await expect.poll(() => told.includes(word), { interval: 5 }).toBe(true)
      process.kill(-child.pid!, 'SIGINT')
      const { code, stdout, stderr } = await outcome
      expect(code).toBe(1)
      expect(stdout.match(/: cancelled at step \d+ in [^:]*(: it was waiting)?$/gm)).toHaveLength(3)
      expect(stderr).toMatch(/^Resume the run to continue it/m)
      expect(stderr).toMatch(/^grokscope resume( \w{8}){3} --archive a.grokscope$/m)
    }
    for (const run of read()) expect(run).toMatchObject({ status: 'cancelled', code: 'CANCELLED' })
  })

  it('ends `reproduce`, with what it computed kept and no further figure begun', async () => {
    const { folder, read } = workplace()
    const { code, signal, stderr } = await stopWith('SIGHUP', folder, ['reproduce', 'all'])
    expect([code, signal]).toEqual([1, null])
    const [, last] = stderr.match(/(\S+\/\S+) was stopped; its runs are kept as far as they came/)!
    const runs = read()
    expect(runs).not.toEqual([])
    // One whose worker was about to start when the group was told is interrupted.
    for (const { status } of runs) expect(['cancelled', 'finished', 'interrupted']).toContain(status)
    expect(runs.filter(({ figure, status }) => status !== 'finished' && figure !== last)).toEqual([])
    const begun = figureIds.indexOf(last as FigureId)
    expect(runs.filter(({ figure }) => figureIds.indexOf(figure!) > begun)).toEqual([])
  })
})

const limiting = spawnSync('prlimit', ['--version'])

describe.skipIf(limiting.error)('a disk that takes no more', () => {
  it('ends every run in words, and the program with code 1; what is there is resumed to the bits', async () => {
    // More than fits, whichever run is stored first.
    const { folder, read } = workplace(20_000)
    const options = ['run', 'spec.json', '--set=seeds=[0,1,2]', '--archive', 'a.grokscope']
    const full = await startCommandLine(folder, options, { fileBytes: 2 ** 20 }).outcome
    expect([full.code, full.signal]).toEqual([1, null])
    expect(
      full.stdout.match(/failed at step \d+ .*: .*a\.grokscope cannot grow: a file may not grow that large here/g),
    ).toHaveLength(3)
    expect(full.stderr).toMatch(/^Free space on that disk, .* then resume the run, or try again\.$/m)
    for (const { id, status } of read()) {
      // How it ended the archive may not have been able to take.
      expect(status).not.toBe('finished')
      expect((await runCommandLine(folder, 'resume', id, '--archive', 'a.grokscope')).code).toBe(0)
    }
    await runCommandLine(folder, ...options)
    const runs = read()
    expect(runs.length).toBe(6)
    for (const [, both] of Map.groupBy(runs, ({ seed }) => seed)) {
      expect(both.map(({ status }) => status)).toEqual(['finished', 'finished'])
      expect(both[0]!.contentHash).toBe(both[1]!.contentHash)
    }
  })
})
