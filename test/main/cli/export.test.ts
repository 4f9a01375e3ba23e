import { existsSync, linkSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { eventsOf, measured, settled, smallSpec, snapshot, started } from '../../support/archive.ts'
import { runCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { npzOf } from '../../support/npz.ts'
import { program } from '../../support/program.ts'

/** A folder with an archive of one run, and the program to be run there. */
function workplace() {
  const folder = temporaryFolder()
  const archive = openArchive(join(folder, 'a.grokscope'))
  const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
  const rows = Array.from({ length: 50 }, (_, step) => measured(step, { trainLoss: Math.sin(step) }))
  archive.applyEvents(eventsOf(runId!, [started, ...rows, snapshot(0), snapshot(49, { reason: 'final' }), settled()]))
  archive.close()
  const exportTo = (out: string, ...more: string[]) =>
    runCommandLine(folder, 'export', runId!, '--format=csv', `--out=${out}`, '--archive=a.grokscope', ...more)
  return { folder, runId: runId!, exportTo, at: (name: string) => join(folder, name) }
}

describe('grokscope run of data', () => {
  it('is of the file that --set names, whatever the specification names and the archive keeps', async () => {
    const folder = temporaryFolder()
    const data = (scale: number) =>
      npzOf({
        X: { shape: [6, 2], data: Float64Array.from({ length: 12 }, (_, i) => scale * Math.sin(i)) },
        Y: { shape: [6], data: Int32Array.from({ length: 6 }, (_, i) => i % 2) },
      })
    for (const [name, scale] of Object.entries({ a: 1, b: 2 })) writeFileSync(join(folder, `${name}.npz`), data(scale))
    const dynamics = { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 2 }
    const task = { kind: 'dataset', path: 'a.npz', trainFraction: 0.5 }
    writeFileSync(join(folder, 'spec.json'), JSON.stringify({ task, network: { hidden: 4 }, dynamics }))
    const run = (...options: string[]) =>
      runCommandLine(folder, 'run', 'spec.json', '--archive', 'a.grokscope', ...options)
    for (const options of [[], ['--set', 'task.path=b.npz']]) expect(await run(...options)).toMatchObject({ code: 0 })
    const archive = openArchive(join(folder, 'a.grokscope'), { readOnly: true })
    const runs = archive.runs.listIds().map((id) => ({
      path: (archive.runs.run(id).spec as { task: { path: string } }).task.path,
      first: archive.datasets.ofRun(id)!.X.data[1],
    }))
    archive.close()
    expect(runs).toEqual([
      { path: expect.stringMatching(/b\.npz$/) as string, first: 2 * Math.sin(1) },
      { path: expect.stringMatching(/a\.npz$/) as string, first: Math.sin(1) },
    ])
  })

  it('repeats a run that was exported on the data that the archive keeps, whatever has become of the file', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'a.npz')
    const write = (scale: number) =>
      writeFileSync(
        file,
        npzOf({
          X: { shape: [6, 2], data: Float64Array.from({ length: 12 }, (_, i) => scale * Math.sin(i)) },
          Y: { shape: [6], data: Int32Array.from({ length: 6 }, (_, i) => i % 2) },
        }),
      )
    write(1)
    const dynamics = { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 2 }
    const task = { kind: 'dataset', path: 'a.npz', trainFraction: 0.5 }
    writeFileSync(join(folder, 'spec.json'), JSON.stringify({ task, network: { hidden: 4 }, dynamics }))
    const call = (...options: string[]) => runCommandLine(folder, ...options, '--archive', 'a.grokscope')
    const id = (await call('run', 'spec.json')).stdout.split(' ')[0]!
    await call('export', id, '--format=json', '--out=run.json')
    rmSync(file)
    expect(await call('run', 'run.json')).toMatchObject({ code: 0 })
    write(2)
    expect(await call('run', 'run.json')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        'has changed since; the run uses the copy of its data kept in the archive',
      ) as string,
    })
    const archive = openArchive(join(folder, 'a.grokscope'), { readOnly: true })
    const first = archive.runs.listIds().map((runId) => archive.datasets.ofRun(runId)!.X.data[1])
    archive.close()
    expect(first).toEqual([1, 1, 1].map(Math.sin))
    rmSync(file)
    const elsewhere = await runCommandLine(folder, 'run', 'run.json', '--archive', 'b.grokscope')
    expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringMatching(/a\.npz: no such file/)])
    expect(existsSync(join(folder, 'b.grokscope'))).toBe(false)
  })
})

describe('grokscope export', () => {
  it('leaves a file that is there as it is, unless --force is given', async () => {
    const { exportTo, at } = workplace()
    writeFileSync(at('run.csv'), 'precious')
    const { code, stdout, stderr } = await exportTo('run.csv')
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^run.csv is there already\n.*--force/)])
    expect(readFileSync(at('run.csv'), 'utf8')).toBe('precious')
    expect(await exportTo('run.csv', '--force')).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(at('run.csv'), 'utf8').split('\n').length).toBe(52)
  })

  it('writes JSON that `run` takes, to repeat the run with its seed; of a branch it says that it begins anew', async () => {
    const { folder, at } = workplace()
    const spec = {
      ...smallSpec(),
      seeds: [7],
      dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 4 },
    }
    writeFileSync(at('spec.json'), JSON.stringify(spec))
    const grokscope = (...options: string[]) => runCommandLine(folder, ...options, '--archive=b.grokscope')
    const idOf = (stdout: string) => stdout.split(' ')[0]!
    const id = idOf((await grokscope('run', 'spec.json')).stdout)
    await grokscope('export', id, '--format=json', '--out=run.json')
    const again = await grokscope('run', 'run.json')
    expect(again.code).toBe(0)
    const shown = async (run: string) => {
      const { stdout } = await grokscope('show', run, '--json')
      return JSON.parse(stdout) as { seed: number; resultHash: string; specificationHash: string }
    }
    const [first, second] = [await shown(id), await shown(idOf(again.stdout))]
    expect(first).toMatchObject({ seed: 7, resultHash: expect.stringMatching(/./) as string })
    const { seed, resultHash, specificationHash } = first
    expect(second).toMatchObject({ seed, resultHash, specificationHash })

    const exported = JSON.parse(readFileSync(at('run.json'), 'utf8')) as object
    writeFileSync(at('branch.json'), JSON.stringify({ ...exported, parentRunId: 'p', parentStep: 2 }))
    const branch = await grokscope('run', 'branch.json')
    expect(branch.code).toBe(0)
    expect(branch.stderr).toContain('the run is a branch of run p at step 2; this one begins anew')
  })

  it('of a branch, `show` names the run and the step that it starts from, also where that run is gone', async () => {
    const folder = temporaryFolder()
    const archive = openArchive(join(folder, 'a.grokscope'))
    const spec = smallSpec()
    const [parent] = archive.runs.createExperiment({ spec }).runIds
    const branchOf = (runId: string) =>
      archive.runs.createExperiment({ spec, runs: [{ spec: toRunSpec(spec, 0), parent: { runId, step: 20 } }] })
    const [branch, orphan] = [parent!, 'zzzzzzzz'].flatMap((runId) => branchOf(runId).runIds)
    const { name } = archive.runs.run(parent!)
    archive.close()
    const show = async (runId: string) => (await runCommandLine(folder, 'show', runId, '--archive=a.grokscope')).stdout
    expect(await show(branch!)).toMatch(new RegExp(`^start +step 20 of ${parent} \\(${name}\\)$`, 'm'))
    expect(await show(orphan!)).toMatch(/^start +step 20 of zzzzzzzz$/m)
    expect(await show(parent!)).not.toMatch(/^start /m)
  })

  it('never writes over the archive and what belongs to it, by whatever name', async () => {
    const { exportTo, at, folder } = workplace()
    linkSync(at('a.grokscope'), at('hard'))
    symlinkSync('a.grokscope', at('soft'))
    const before = readFileSync(at('a.grokscope'))
    const roundabout = join('..', basename(folder), 'a.grokscope')
    for (const out of ['a.grokscope', roundabout, 'hard', 'soft', 'a.grokscope-wal']) {
      const { code, stderr } = await exportTo(out, '--force')
      expect([code, stderr]).toEqual([2, expect.stringMatching(/which belongs to the archive$/m)])
    }
    expect(readFileSync(at('a.grokscope')).equals(before)).toBe(true)
  })

  it('writes to standard output, by each of its names, what it writes to a file, and nothing else', async () => {
    const { exportTo, at } = workplace()
    await exportTo('run.csv')
    const file = readFileSync(at('run.csv'), 'utf8')
    expect(await exportTo('-')).toMatchObject({ code: 0, stdout: file, stderr: '' })
    if (existsSync('/dev/stdout')) {
      expect(await exportTo('/dev/stdout')).toMatchObject({ code: 0, stdout: file, stderr: '' })
      expect(await exportTo('/dev/fd/1')).toMatchObject({ code: 0, stdout: file, stderr: '' })
    }
    expect(readdirSync(at('.')).filter((name) => name.includes('.part'))).toEqual([])
  })

  it.skipIf(!existsSync('/dev/full'))('tells in words where its output is full', () => {
    const { folder, runId } = workplace()
    const command = `export ${runId} --format=csv --out=- --archive=a.grokscope`
    for (const words of [command, 'list --archive=a.grokscope']) {
      const script = `exec "${process.execPath}" "${program}" ${words} > /dev/full`
      const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' })
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/^standard output cannot be written: the disk is full\n/),
      ])
      expect(stderr).not.toMatch(/^ +at /m)
    }
  })
})
