import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { runCommandLine, startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'

const specification = {
  name: 'stopped',
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 24 },
  dynamics: { kind: 'isolated', integrator: { kind: 'heun', stepSize: 0.001 }, steps: 20_000 },
  record: { measureEvery: 1, snapshots: [400] },
}

function workplace() {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(specification))
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

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Starts the program in a group of its own and, once it measures, sends the signal to all of it, as a terminal does. */
async function stopWith(signal: NodeJS.Signals, folder: string, options: string[], times = 1) {
  const all = [...options, '--json', '--archive', 'a.grokscope']
  const { child, outcome, output } = startCommandLine(folder, all, { detached: true })
  while (!output().includes('"measured"') && child.exitCode === null) await wait(5)
  for (let i = 0; i < times; i++) process.kill(-child.pid!, signal)
  return outcome
}

describe.skipIf(process.platform === 'win32')('a terminal that closes', () => {
  it('saves what `run` and `resume` compute, also where it says so twice, and they go on to the bits of an unbroken run', async () => {
    const { folder, read } = workplace()
    expect(await stopWith('SIGHUP', folder, ['run', 'spec.json'], 2)).toMatchObject({ code: 1, signal: null })
    const [stopped] = read()
    expect(stopped).toMatchObject({ status: 'cancelled', kept: stopped!.step })
    expect(await stopWith('SIGHUP', folder, ['resume', stopped!.id])).toMatchObject({ code: 1, signal: null })
    const [again] = read()
    expect(again).toMatchObject({ status: 'cancelled', kept: again!.step })
    expect(again!.step).toBeGreaterThan(stopped!.step)
    await runCommandLine(folder, 'resume', stopped!.id, '--archive', 'a.grokscope')
    await runCommandLine(folder, 'run', 'spec.json', '--archive', 'a.grokscope')
    const hashes = read().map(({ status, contentHash }) => [status, contentHash])
    expect(hashes).toEqual([hashes[0], hashes[0]])
    expect(hashes[0]![0]).toBe('finished')
  })

  it('ends `reproduce`, with what it computed kept and no further figure begun', async () => {
    const { folder, read } = workplace()
    const { code, signal, stderr } = await stopWith('SIGHUP', folder, ['reproduce', 'all'])
    expect([code, signal]).toEqual([1, null])
    expect(stderr).toContain('fig1 was stopped; its runs are kept as far as they came')
    const runs = read()
    expect(new Set(runs.map(({ figure }) => figure))).toEqual(new Set(['fig1']))
    expect(runs.every(({ status }) => status === 'cancelled' || status === 'finished')).toBe(true)
    expect(runs.some(({ status }) => status === 'cancelled')).toBe(true)
  })
})

const limiting = spawnSync('prlimit', ['--version'])

describe.skipIf(limiting.error)('a disk that takes no more', () => {
  it('ends every run in words, and the program with code 1; what is there is resumed to the bits', async () => {
    const { folder, read } = workplace()
    const options = ['run', 'spec.json', '--set=seeds=[0,1,2]', '--set=dynamics.steps=6000', '--archive', 'a.grokscope']
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
