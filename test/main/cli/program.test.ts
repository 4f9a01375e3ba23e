import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { templateChoices } from '../../../src/main/cli/commands/template.ts'
import { readNpz } from '../../../src/main/services/interchange/readNpz.ts'
import { figure4 } from '../../../src/main/lab/papers/musat2025/figure4.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import type { ExperimentInput } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import type { Claim, FigureResult } from '../../../src/shared/papers/figure.ts'
import type { RunEvent, RunSummary } from '../../../src/shared/run.ts'
import { runCommandLine, startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../support/runs.ts'

const specification = {
  name: 'small',
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 16, activation: 'tanh' },
  dynamics: { kind: 'isolated', ridge: 0.1, steps: 40 },
  record: { measureEvery: 5, snapshots: [20] },
} satisfies ExperimentInput

/** A folder with the specification in it, and the program to be run there. */
function workplace(spec: unknown = specification) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec))
  const grokscope = (...options: string[]) => runCommandLine(folder, ...options)
  const inArchive = (...options: string[]) => grokscope(...options, '--archive', 'a.grokscope')
  const list = async () => {
    const { stdout } = await inArchive('list', '--json')
    return lines(stdout) as unknown as RunSummary[]
  }
  return { folder, grokscope, inArchive, list, archive: join(folder, 'a.grokscope') }
}

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent)

const endless = '--set=dynamics.steps=100000000'

describe('grokscope run', () => {
  it.each([
    ['--slots', ['--slots', '1'], {}],
    ['a job of Slurm', [], { SLURM_CPUS_PER_TASK: '1', SLURM_CPUS_ON_NODE: '64' }],
  ])('computes as many runs at once as %s says', async (_, options, env) => {
    const { folder } = workplace()
    const words = ['run', 'spec.json', '--set', 'seeds=[0,1,2]', '--json', '--archive', 'a.grokscope', ...options]
    const { stdout } = await startCommandLine(folder, words, { env }).outcome
    const turns = lines(stdout).filter(({ type }) => type === 'started' || type === 'settled')
    expect(turns.map(({ type }) => type)).toEqual(['started', 'settled', 'started', 'settled', 'started', 'settled'])
  })

  it.each([
    [['--slots', '0'], {}, /--slots <count>' argument '0' is invalid. a whole number from 1 to 1024 is allowed/],
    [[], { SLURM_CPUS_ON_NODE: 'all' }, /^SLURM_CPUS_ON_NODE: "all" is not allowed/],
  ])('refuses a number of slots that is none: %j %j', async (options, env, says) => {
    const { folder } = workplace()
    const { code, stderr } = await startCommandLine(folder, ['run', 'spec.json', ...options], { env }).outcome
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)])
  })

  it('says of which of several specifications it warns, or which it refuses; of a single one it names none', async () => {
    const { folder, inArchive } = workplace()
    const spec = JSON.parse(readFileSync(join(folder, 'spec.json'), 'utf8')) as { dynamics: object }
    const training = (learningRate: number) => ({ kind: 'training', learningRate, weightDecay: 0, steps: 2 })
    const named = (name: string, learningRate: number) => ({ ...spec, name, dynamics: training(learningRate) })
    const told = async (given: unknown) => {
      writeFileSync(join(folder, 'given.json'), JSON.stringify(given))
      const { stderr } = await inArchive('run', 'given.json')
      return stderr.split('\n').filter((line) => line.includes('learningRate'))
    }
    expect(await told([named('usual', 1), named('wild', 100)])).toEqual([
      expect.stringMatching(/^experiment 2, "wild": dynamics\.learningRate: 100 is far from the usual/),
    ])
    expect(await told([named('usual', 1), named('wrong', -1)])).toEqual([
      expect.stringMatching(/^experiment 2, "wrong": dynamics\.learningRate: -1 is too small/),
    ])
    expect(await told(named('alone', 100))).toEqual([expect.stringMatching(/^dynamics\.learningRate: 100 is far/)])
  })

  it('runs each seed, says how it ended, and keeps it: list, show and resume find it', async () => {
    const { inArchive, list } = workplace()
    const { code, stdout, stderr } = await inArchive('run', 'spec.json', '--set', 'seeds=[0,1]')
    expect(code).toBe(0)
    expect(stdout.match(/small, seed [01]: finished at step 40/g)).toHaveLength(2)
    expect(stderr).toMatch(/seed 1: queued at step 0 of 40[^]*seed 1: finished at step 40 of 40/)
    const runs = await list()
    expect(runs.map(({ seed, status, step }) => ({ seed, status, step }))).toEqual(
      expect.arrayContaining([0, 1].map((seed) => ({ seed, status: 'finished', step: 40 }))),
    )
    const shown = await inArchive('show', runs[0]!.id.slice(0, 6))
    expect(shown.code).toBe(0)
    for (const fact of [runs[0]!.id, 'finished at step 40 of 40', 'splitHash', 'snapshots', '"ridge": 0.1']) {
      expect(shown.stdout).toContain(fact)
    }
    const filtered = await inArchive('list', '--json', 'seed', '=', '1')
    expect(lines(filtered.stdout)).toMatchObject([{ seed: 1 }])
    const again = await inArchive('resume', runs[0]!.id)
    expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/is finished; to extend it/)])
  })

  it('--json prints one object a line, every event in order, settled last of each run', async () => {
    const { inArchive } = workplace()
    const { code, stdout, stderr } = await inArchive('run', 'spec.json', '--json', '--set', 'seeds=[4,5]')
    expect([code, stderr]).toEqual([0, ''])
    const events = lines(stdout)
    const runIds = [...new Set(events.map(({ runId }) => runId))]
    expect(runIds.length).toBe(2)
    expect(events.at(-1)!.type).toBe('settled')
    for (const runId of runIds) {
      const own = events.filter((event) => event.runId === runId)
      expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, i) => i))
      expect(own[0]!.type).toBe('started')
      expect(own.at(-1)).toMatchObject({ type: 'settled', status: 'finished', runId })
      const steps = eventsOf(own, 'measured').map(({ step }) => step)
      expect(steps).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40])
    }
    expect(eventsOf(events, 'snapshot')[0]!.snapshot.matrices).toMatchObject({ E: [5, 16], W: [16, 5] })
  })

  it('runs a list of specifications', async () => {
    const { inArchive, list } = workplace([specification, { ...specification, name: 'other', seeds: [7] }])
    expect((await inArchive('run', 'spec.json')).code).toBe(0)
    expect((await list()).map(({ experiment }) => experiment).sort()).toEqual(['other', 'small'])
  })

  it('ends with 1 where a run diverges; it keeps code, advice and what was measured', async () => {
    const { inArchive, list, archive } = workplace()
    const { code, stdout } = await inArchive(
      ...['run', 'spec.json', '--json', '--set', 'dynamics.integrator.stepSize=1e6', '--set', 'record.measureEvery=1'],
    )
    expect(code).toBe(1)
    const settled = lines(stdout).at(-1) as Extract<RunEvent, { type: 'settled' }>
    expect(settled).toMatchObject({ type: 'settled', status: 'failed', code: 'DIVERGED' })
    const [run] = await list()
    expect(run).toMatchObject({ status: 'failed', code: 'DIVERGED', step: settled.step })
    const opened = openArchive(archive, { readOnly: true })
    expect(opened.runs.run(run!.id).advice).toBe(settled.advice)
    expect(opened.curves.readColumn(run!.id, 'step').length).toBe(settled.step + 1)
    opened.close()
    const shown = await inArchive('show', run!.id)
    expect(shown.stdout).toMatch(/failed at step .*\nmessage +.* left the finite numbers \(DIVERGED\)\nadvice +Reduce/)
  })

  it('is stopped by an interrupt of its whole group at a checkpoint, and resumed to the bits of an unbroken run', async () => {
    const { folder, inArchive, list, archive } = workplace()
    const interrupted = async (steps: number) => {
      const options = ['run', 'spec.json', '--json', '--archive', 'a.grokscope', `--set=dynamics.steps=${steps}`]
      const { child, outcome, output, hasEnded } = startCommandLine(folder, options, { detached: true })
      await expect.poll(output, { interval: 5 }).toContain('"step":100,')
      if (!hasEnded()) process.kill(-child.pid!, 'SIGINT')
      return outcome
    }
    let steps = 60_000
    let { code, stdout } = await interrupted(steps)
    // Where the interrupt came too late the run was done, and a longer one is interrupted.
    while (code === 0) {
      rmSync(archive)
      ;({ code, stdout } = await interrupted((steps *= 4)))
    }
    expect(code).toBe(1)
    const events = lines(stdout)
    expect(events.at(-1)).toMatchObject({ type: 'settled', status: 'cancelled', code: 'CANCELLED' })
    const { step } = events.at(-1) as Extract<RunEvent, { type: 'settled' }>
    expect(eventsOf(events, 'snapshot').at(-1)!.snapshot.step).toBe(step)
    const [run] = await list()
    expect(run!.status).toBe('cancelled')

    const resumed = await inArchive('resume', run!.id, '--json')
    expect(resumed.code).toBe(0)
    const rest = lines(resumed.stdout)
    expect(rest[0]).toMatchObject({ type: 'started', step, sequence: events.at(-1)!.sequence + 1 })
    expect(rest.at(-1)).toMatchObject({ type: 'settled', status: 'finished', step: steps })
    const unbroken = await inArchive('run', 'spec.json', `--set=dynamics.steps=${steps}`)
    expect(unbroken.code).toBe(0)
    const opened = openArchive(archive, { readOnly: true })
    const hashes = opened.runs.listRuns().map(({ contentHash }) => contentHash)
    opened.close()
    expect(hashes.length).toBe(2)
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(hashes[1]).toBe(hashes[0])
  })

  it('whose output nobody reads any more stops as by an interrupt', async () => {
    const { folder, list } = workplace()
    const { child, outcome } = startCommandLine(folder, [
      'run',
      'spec.json',
      '--json',
      '--archive',
      'a.grokscope',
      endless,
    ])
    child.stdout!.once('data', () => child.stdout!.destroy())
    const { stderr } = await outcome
    expect(stderr).toBe('')
    expect((await list())[0]).toMatchObject({ status: 'cancelled' })
  })

  it('shows what a long run is expected to cost, and starts it with --yes', async () => {
    const { folder, inArchive, archive, list } = workplace()
    const steps = '--set=dynamics.steps=1000000000'
    const { code, stderr } = await inArchive('run', 'spec.json', steps)
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /"small": 1 × 1\s000\s000\s000 steps, expected to take .* of memory a run, .* on disk; add --yes to start/,
    )
    expect(existsSync(archive)).toBe(false)
    const { child, outcome, output } = startCommandLine(folder, [
      'run',
      'spec.json',
      '--yes',
      '--json',
      '--archive',
      'a.grokscope',
      steps,
    ])
    await expect.poll(output, { interval: 5 }).toContain('"measured"')
    child.kill('SIGTERM')
    expect((await outcome).code).toBe(1)
    expect((await list())[0]).toMatchObject({ status: 'cancelled', steps: 1_000_000_000 })
  })
})

describe('where the cache cannot be written', () => {
  it('serve opens the laboratory all the same, and says what that costs', async () => {
    const { folder } = workplace()
    const cache = join(folder, 'cache')
    writeFileSync(cache, '')
    const env = { XDG_CACHE_HOME: cache, LOCALAPPDATA: cache }
    const { child, outcome, output } = startCommandLine(folder, ['serve', '--archive', 'a.grokscope'], { env })
    await expect.poll(output).toContain('The laboratory is open at http')
    child.kill('SIGTERM')
    const { stderr } = await outcome
    expect(stderr).toMatch(/^other terminals cannot hand their runs to this server: .*cache/m)
  })
})

describe('without a home folder', () => {
  const env = { HOME: '', XDG_DATA_HOME: '', XDG_CACHE_HOME: '', LOCALAPPDATA: '' }

  it.skipIf(process.platform === 'win32')(
    'an archive has to be named, and nothing is left where the program stands',
    async () => {
      const { folder } = workplace()
      for (const options of [
        ['list'],
        ['run', 'spec.json'],
        ['resume', 'a'],
        ['doctor'],
        ['serve'],
        ['reproduce', 'fig1'],
      ]) {
        const { code, stderr } = await startCommandLine(folder, options, { env }).outcome
        expect([options, code]).toEqual([options, 2])
        expect(stderr).toMatch(
          /^HOME: "" is no absolute path, .*; set HOME to your home folder, or name an archive with --archive$/m,
        )
      }
      const { code } = await startCommandLine(folder, ['run', 'spec.json', '--archive', 'a.grokscope'], { env }).outcome
      expect(code).toBe(0)
      expect(readdirSync(folder).filter((name) => !name.startsWith('a.grokscope'))).toEqual(['spec.json'])
    },
  )
})

describe('a priority that there is none of', () => {
  it.each([['run', 'spec.json', '--archive', 'a.grokscope'], ['serve', '--archive', 'a.grokscope'], ['doctor']])(
    'is refused before anything is made: %s',
    async (...options) => {
      const { folder } = workplace()
      const env = { GROKSCOPE_PRIORITY: 'high' }
      const { code, stderr } = await startCommandLine(folder, options, { env }).outcome
      expect(code).toBe(2)
      expect(stderr).toMatch(
        /^GROKSCOPE_PRIORITY: "high" is not allowed; one of "normal", or nothing for low priority$/m,
      )
      expect(readdirSync(folder)).toEqual(['spec.json'])
    },
  )
})

describe('grokscope resume', () => {
  it('extends a finished run to the bits of a longer one', async () => {
    const { inArchive, list, archive } = workplace()
    await inArchive('run', 'spec.json')
    const [run] = await list()
    const { code, stdout } = await inArchive('resume', run!.id, '--steps', '60')
    expect([code, stdout]).toEqual([0, expect.stringMatching(/finished at step 60/)])
    const whole = await collectRun(runSpec({ ...specification, dynamics: { ...specification.dynamics, steps: 60 } }))
    const opened = openArchive(archive, { readOnly: true })
    const E = opened.snapshots.readMatrix(run!.id, 60, 'E')
    opened.close()
    // Computed here on another backend: equal but for rounding.
    const expected = snapshotAt(whole, 60).matrices['E']!.data
    E.data.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 12))
  })
})

describe('grokscope export', () => {
  it('writes a run as npz, csv and json, whole or not at all', async () => {
    const { folder, inArchive, list, archive } = workplace()
    await inArchive('run', 'spec.json')
    const [run] = await list()
    for (const format of ['npz', 'csv', 'json']) {
      const { code, stdout } = await inArchive('export', run!.id, '--format', format, '--out', `out/run.${format}`)
      expect([code, stdout]).toEqual([0, expect.stringContaining(`out/run.${format}: `)])
    }
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['run.csv', 'run.json', 'run.npz'])
    const opened = openArchive(archive, { readOnly: true })
    const { arrays } = await readNpz(join(folder, 'out/run.npz'), ['step', 'ridgeObjective', 'E', 'snapshotSteps'], 1e6)
    expect(arrays['step']!.data).toEqual(opened.curves.readColumn(run!.id, 'step'))
    expect(arrays['ridgeObjective']!.data).toEqual(opened.curves.readColumn(run!.id, 'ridgeObjective'))
    const saved = opened.snapshots.listSnapshots(run!.id).map(({ step }) => step)
    expect(arrays['snapshotSteps']!.data).toEqual(Float64Array.from(saved))
    const at = saved.indexOf(20)
    expect(arrays['E']!.data.slice(80 * at, 80 * (at + 1))).toEqual(opened.snapshots.readMatrix(run!.id, 20, 'E').data)
    opened.close()
    expect(readFileSync(join(folder, 'out/run.csv'), 'utf8').split('\n').length).toBe(11)
    expect(JSON.parse(readFileSync(join(folder, 'out/run.json'), 'utf8'))).toMatchObject({ id: run!.id })

    const refused = await inArchive('export', run!.id, '--format', 'npz', '--out', 'out')
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/^out is a folder/)])
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })
})

describe('grokscope reproduce', () => {
  it('runs a figure, prints its verdicts, and writes pictures and data that hold the same numbers', async () => {
    const { folder, inArchive, list } = workplace()
    const { code, stdout } = await inArchive('reproduce', 'fig1', '--out', 'out')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Fig. 1 /m)
    expect(stdout).toMatch(/(\d+) of \1 claims as declared: \1 hold/)
    expect(stdout).toMatch(/3 of 3 seeds? to step|3 of 3 runs to step/)
    expect((await list()).every(({ figure, status }) => figure === 'musat2025/fig1' && status === 'finished')).toBe(
      true,
    )
    // What is finished is not computed twice, unless it is asked for.
    const runs = (await list()).length
    const second = await inArchive('reproduce', 'fig1')
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining(`${runs} runs of it are finished`)])
    expect(await list()).toHaveLength(runs)
    expect((await inArchive('reproduce', 'musat2025/fig1', '--again')).code).toBe(0)
    expect(await list()).toHaveLength(2 * runs)
    const files = readdirSync(join(folder, 'out/musat2025/fig1'))
    const { claims } = JSON.parse(readFileSync(join(folder, 'out/musat2025/fig1/claims.json'), 'utf8')) as {
      claims: Claim[]
    }
    expect(claims.map(({ verdict }) => verdict)).toEqual(claims.map(() => 'holds'))
    const panels = files.filter((name) => name.endsWith('.npz')).map((name) => name.slice(0, -4))
    expect(panels.length).toBeGreaterThan(0)
    expect(files.sort()).toEqual(
      [
        'claims.json',
        'fig1.svg',
        'fig1.pdf',
        'manifest.json',
        ...panels.flatMap((id) => [`${id}.csv`, `${id}.npz`, `${id}.svg`, `${id}.pdf`]),
      ].sort(),
    )
  })

  it('decides nothing where runs were stopped: exit code 1, and each run with how far it came', async () => {
    const { folder } = workplace()
    const { child, outcome, output } = startCommandLine(folder, ['reproduce', 'fig5', '--json', '--archive', 'own'])
    await expect.poll(output).toContain('"type":"measured"')
    child.kill('SIGINT')
    const { code, stdout } = await outcome
    expect(code).toBe(1)
    const { type, runs, claims } = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { type: string } & FigureResult
    expect([type, runs.length]).toEqual(['verdict', 5])
    for (const run of runs) expect(run).toMatchObject({ status: 'cancelled', neededStep: 40_000 })
    expect(claims.length).toBeGreaterThan(0)
    for (const claim of claims) {
      expect(claim).toMatchObject({ verdict: 'pending', declared: 'holds', evidence: { reached: 0, needed: 5 } })
    }
  })

  it('has its claims told again where one of its runs was resumed', async () => {
    const { archive, inArchive } = workplace()
    const writer = openArchive(archive)
    const experiments = figure4
      .experiments({})
      .map((input) => ({ spec: parseExperiment(input), figure: 'musat2025/fig4' as const }))
    const [first, ...others] = experiments.flatMap((experiment) => writer.runs.createExperiment(experiment).runIds)
    for (const runId of [first!, ...others]) writer.runs.setStatus(runId, 'cancelled')
    writer.close()
    const { code, stdout } = await inArchive('resume', first!)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^verdict +claim/m)])
    expect(stdout).toMatch(/^· pending .* 1 of 3 runs to step/m)
    for (const runId of others) expect(stdout).toContain(`grokscope resume ${runId} --archive a.grokscope`)
    expect(stdout).not.toContain(`grokscope resume ${first}`)
  })
})

describe('an archive that another process writes', () => {
  it('can be read meanwhile, described by doctor, and not written', async () => {
    const { inArchive, archive } = workplace()
    const own = openArchive(archive)
    const { code, stderr } = await inArchive('run', 'spec.json')
    expect([code, stderr]).toEqual([75, expect.stringContaining(`is open in process ${process.pid}`)])
    const listed = await inArchive('list')
    expect([listed.code, listed.stdout]).toEqual([0, expect.stringMatching(/0 runs in/)])
    const described = await inArchive('doctor', '--json')
    expect(described.code).toBe(0)
    const machine = JSON.parse(described.stdout) as { backends: { kind: string; available: boolean }[] }
    expect(machine.backends).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'wasm', available: true })]),
    )
    own.close()
  })
})

describe('grokscope template', () => {
  it.each(templateChoices)('%s prints what run takes', async (name) => {
    const { code, stdout } = await runCommandLine(temporaryFolder(), 'template', name)
    expect(code).toBe(0)
    const given: unknown = JSON.parse(stdout)
    for (const spec of Array.isArray(given) ? given : [given]) expect(() => parseExperiment(spec)).not.toThrow()
  })
})
