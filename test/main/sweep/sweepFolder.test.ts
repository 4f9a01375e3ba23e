import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeForSlurm } from '../../../src/main/services/sweeps/slurm/submitSweep.ts'
import { specificationHash, specificationHashes } from '../../../src/main/store/specificationHash.ts'
import {
  addRound,
  openSweepFolder,
  prepareSweepFolder,
  requireSameVersion,
  runSpecs,
} from '../../../src/main/sweep/sweepFolder.ts'
import { readSweepDataset } from '../../../src/main/sweep/sweepDataset.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { datasetTask } from '../../support/datasetTask.ts'
import { temporaryFolder } from '../../support/folders.ts'

interface Entry {
  about: string
  key: string
  keys: string[]
  sweep: Record<string, unknown>
}

/** It may only grow: runs are named by these keys for ever. */
const table = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../support/reference/sweepKeys.json'), 'utf8'),
) as Entry[]
const [first, second] = table as [Entry, Entry]

describe('the keys of a sweep', () => {
  it.each(table.map(({ about, ...entry }) => [about, entry] as const))(
    'never change: %s',
    (_, { sweep, keys, key }) => {
      const plan = planSweep(sweep)
      expect(plan.keys).toEqual(keys)
      expect(plan.key).toBe(key)
    },
  )

  it('are those of its runs, whatever the seeds', () => {
    const hashes = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../support/reference/specificationHashes.json'), 'utf8'),
    ) as { spec: Record<string, unknown> }[]
    for (const { spec } of hashes) {
      const experiment = parseExperiment({ ...spec, seeds: [3, 0, 1, 4_294_967_295] })
      const oneByOne = experiment.seeds.map((seed) => specificationHash(toRunSpec(experiment, seed)))
      expect(specificationHashes(experiment)).toEqual(oneByOne)
    }
  })

  it('do not depend on its name or the order of its fields', () => {
    const { name: _, base, ...rest } = first.sweep
    const reordered = { ...rest, base: Object.fromEntries(Object.entries(base as object).reverse()), name: 'other' }
    expect(planSweep(reordered).keys).toEqual(first.keys)
  })

  it('are refused where two cells are the same experiment', () => {
    const axes = [{ field: 'dynamics.lossPrecision', values: ['float64', null] }]
    const base = { ...(first.sweep['base'] as object) }
    const paired = [{ fields: ['dynamics.optimizer'], values: [['adamw'], [{ kind: 'adamw' }]] }]
    expect(() => planSweep({ base, axes: paired })).toThrow(/are the same experiment; leave one out/)
    expect(() => planSweep({ base, axes })).toThrow(/lossPrecision/)
  })
})

describe('the folder of a sweep', () => {
  const plan = () => planSweep(first.sweep)
  const axis = { field: 'dynamics.weightDecay', values: [1, 2] }

  it('is opened again as it was planned, and tells the specification of each run', async () => {
    const path = join(temporaryFolder(), 'sweep')
    const made = await prepareSweepFolder(path, plan(), [])
    expect(openSweepFolder(path)).toEqual(made)
    expect(await prepareSweepFolder(path, plan(), [])).toEqual(made)
    const specOf = runSpecs(made)
    made.keys.forEach((key, place) => expect(specificationHash(specOf(place)).slice(0, 20)).toBe(key))
  })

  it('is of one sweep alone, and takes no folder of other things', async () => {
    const path = join(temporaryFolder(), 'sweep')
    await prepareSweepFolder(path, plan(), [])
    await expect(prepareSweepFolder(path, planSweep(second.sweep), [])).rejects.toThrow(
      /holds another sweep, .*choose another folder/,
    )
    const other = temporaryFolder()
    writeFileSync(join(other, 'thesis.tex'), '')
    await expect(prepareSweepFolder(other, plan(), [])).rejects.toThrow(/holds other files, such as thesis.tex/)
  })

  it('that several programs make at once is made by one and found by the others, if it is of their sweep', async () => {
    const path = join(temporaryFolder(), 'sweep')
    const task = join(temporaryFolder(), 'task.mjs')
    writeFileSync(task, 'a program')
    const same = await Promise.all([1, 2, 3].map(() => prepareSweepFolder(path, plan(), [task])))
    expect(same).toEqual(Array(3).fill(openSweepFolder(path)))
    requireSameVersion(same[0]!)

    const contested = join(temporaryFolder(), 'sweep')
    const plans = [plan(), planSweep(second.sweep)]
    const made = await Promise.allSettled(plans.map((each) => prepareSweepFolder(contested, each, [])))
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { key } = openSweepFolder(contested)
    for (const [place, each] of made.entries()) {
      if (each.status === 'fulfilled') expect(key).toBe(plans[place]!.key)
      else expect((each.reason as Error).message).toMatch(/holds another sweep, .*choose another folder/)
    }
  })

  it('has the data and the program of the sweep that was planned, whoever else would make it', async () => {
    const planOf = (shift: number) => {
      const X = Float64Array.from({ length: 60 }, (_, place) => Math.sin(place + shift))
      const { task, dataset } = datasetTask({ X, Y: Int32Array.from({ length: 20 }, (_, row) => row % 2) })
      const base = { ...(first.sweep['base'] as object), task }
      const axes = [{ field: 'dynamics.weightDecay', values: [0.5, 2] }]
      return { ...planSweep({ base, axes }), dataset }
    }
    const path = join(temporaryFolder(), 'sweep')
    const plans = [planOf(0), planOf(1)]
    const tasks = ['of one version', 'of another'].map((text) => {
      const file = join(temporaryFolder(), 'task.mjs')
      writeFileSync(file, text)
      return file
    })
    const made = await Promise.allSettled(plans.map((each, place) => prepareSweepFolder(path, each, [tasks[place]!])))
    const winner = made.findIndex(({ status }) => status === 'fulfilled')
    expect(made[1 - winner]).toMatchObject({ status: 'rejected', reason: { code: 'CONFLICT' } })
    const folder = openSweepFolder(path)
    expect(folder.key).toBe(plans[winner]!.key)
    expect(readSweepDataset(folder)).toEqual(plans[winner]!.dataset)
    requireSameVersion(folder)
  })

  it('is refined once by what two programs add at once; the other is told so', async () => {
    const path = join(temporaryFolder(), 'sweep')
    const sweep = await prepareSweepFolder(path, planSweep({ ...first.sweep, axes: [axis] }), [])
    const cells = [3, 5].map((value) => [{ path: axis.field, value }])
    const added = await Promise.allSettled(cells.map((cell) => addRound(sweep, [cell])))
    expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(added.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        code: 'CONFLICT',
        message: expect.stringContaining('another program has refined this sweep') as string,
      },
    })
    expect(openSweepFolder(path).cells).toHaveLength(3)
  })

  it('that the system does not let anyone read says why, not that nothing is there', async () => {
    const path = join(temporaryFolder(), 'sweep')
    await prepareSweepFolder(path, plan(), [])
    mkdirSync(join(path, 'round-1.json'))
    expect(() => openSweepFolder(path)).toThrow(/round-1.json cannot be read: it is a folder/)
    rmSync(join(path, 'round-1.json'), { recursive: true })
    rmSync(join(path, 'sweep.json'))
    symlinkSync('sweep.json', join(path, 'sweep.json'))
    expect(() => openSweepFolder(path)).toThrow(/sweep.json cannot be read: /)
  })

  it('in which a folder stands where a file is needed, or a file for a folder, names both', async () => {
    const folder = temporaryFolder()
    const task = join(folder, 'task.mjs')
    writeFileSync(task, 'a program')
    const path = join(folder, 'sweep')
    const made = await prepareSweepFolder(path, plan(), [task])
    const program = join(path, 'program')
    mkdirSync(join(program, 'cache'))
    expect(() => requireSameVersion(made)).toThrow(`${join(program, 'cache')} cannot be read: it is a folder`)
    rmSync(program, { recursive: true })
    writeFileSync(program, '')
    expect(() => requireSameVersion(made)).toThrow(`${program} cannot be read: a folder is needed there`)
    const data = join(path, 'data')
    mkdirSync(data)
    const base = { task: { kind: 'dataset', path: 'a.npz', content: { hash: 'a' } } }
    expect(() => readSweepDataset({ path, spec: { ...made.spec, base } })).toThrow(
      `${data} cannot be read: it is a folder`,
    )
    const script = join(path, 'slurm/task.sh')
    rmSync(program)
    mkdirSync(program)
    writeFileSync(join(program, 'task.mjs'), 'a program')
    mkdirSync(script, { recursive: true })
    await expect(writeForSlurm(made, { node: process.execPath }, [0])).rejects.toThrow(
      `${script} cannot be read: it is a folder`,
    )
    for (const part of ['journals', 'program']) {
      const other = join(temporaryFolder(), 'sweep')
      mkdirSync(other)
      writeFileSync(join(other, part), '')
      await expect(prepareSweepFolder(other, plan(), [])).rejects.toThrow(join(other, part))
    }
  })

  it('is not computed on by another version', async () => {
    const made = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), plan(), [])
    expect(() => requireSameVersion(made)).not.toThrow()
    expect(() => requireSameVersion({ ...made, grokscope: '0.0.9' })).toThrow(/planned by Grokscope 0.0.9.*task.mjs/)
  })

  it('is not computed by another program than the one that was put there', async () => {
    const folder = temporaryFolder()
    const program = ['task.mjs', 'kernels.wasm'].map((name) => join(folder, name))
    for (const file of program) writeFileSync(file, file)
    const path = join(folder, 'sweep')
    const made = await prepareSweepFolder(path, plan(), program)
    expect(() => requireSameVersion(made)).not.toThrow()
    const spoil = [
      () => writeFileSync(join(path, 'program', 'task.mjs'), 'changed'),
      () => rmSync(join(path, 'program', 'kernels.wasm')),
      () => writeFileSync(join(path, 'program', 'more.mjs'), ''),
      () => rmSync(join(path, 'program'), { recursive: true }),
    ]
    for (const change of spoil) {
      change()
      expect(() => requireSameVersion(openSweepFolder(path))).toThrow(/is not the program that was put there/)
    }
  })

  it('is what it was also where a system left files of its own', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'task.mjs'), 'a program')
    const path = join(folder, 'sweep')
    mkdirSync(path)
    const left = ['.DS_Store', '._program']
    for (const name of left) writeFileSync(join(path, name), '')
    const made = await prepareSweepFolder(path, plan(), [join(folder, 'task.mjs')])
    for (const name of ['.DS_Store', '._task.mjs']) writeFileSync(join(path, 'program', name), 'other')
    mkdirSync(join(path, 'program', '.Spotlight-V100'))
    expect(() => requireSameVersion(made)).not.toThrow()
    writeFileSync(join(path, '.mine'), '')
    rmSync(join(path, 'sweep.json'))
    await expect(prepareSweepFolder(path, plan(), [])).rejects.toThrow(/holds other files, such as .mine/)
  })

  it('is refused where it is damaged, changed, or of a newer version', async () => {
    const path = join(temporaryFolder(), 'sweep')
    await prepareSweepFolder(path, plan(), [])
    const file = join(path, 'sweep.json')
    const written = JSON.parse(readFileSync(file, 'utf8')) as { keys: string[]; spec: { seeds: number } }
    const withContent = (content: string) => () => {
      writeFileSync(file, content)
      return openSweepFolder(path)
    }
    expect(withContent('{')).toThrow(/sweep.json is no sweep/)
    expect(withContent(JSON.stringify({ ...written, keys: written.keys.slice(1) }))).toThrow(/is not as it was planned/)
    expect(withContent(JSON.stringify({ ...written, sweep: 3 }))).toThrow(/version 3; this program reads up to 2/)
    // The second version names a GPU, and the first does not.
    expect(withContent(JSON.stringify({ ...written, sweep: 2 }))).toThrow(/not as it was planned/)
    expect(withContent(JSON.stringify({ ...written, gpu: 'a card' }))).toThrow(/not as it was planned/)
    const changed = withContent(JSON.stringify({ ...written, spec: { ...written.spec, seeds: [7, 8] } }))()
    expect(() => runSpecs(changed)(0)).toThrow(/is not what its key/)
  })
})

describe('a round of a sweep', () => {
  const folder = async () => prepareSweepFolder(join(temporaryFolder(), 'sweep'), planSweep(sweep), [])
  const wd = 'dynamics.weightDecay'
  const sweep = {
    base: {
      task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
      network: { hidden: 8 },
      dynamics: { kind: 'training', learningRate: 0.003, weightDecay: 1, steps: 30 },
    },
    axes: [{ field: wd, values: [1, 2] }],
    seeds: 2,
  }
  const at = (value: number) => [{ path: wd, value }]

  it('adds cells behind the others, under keys like theirs, and keeps the key of the sweep', async () => {
    const before = await folder()
    const after = await addRound(before, [at(1.5), at(3)])
    expect(after).toMatchObject({ key: before.key, rounds: 1 })
    expect(after.cells).toEqual([at(1), at(2), at(1.5), at(3)])
    expect(after.keys.slice(0, 4)).toEqual(before.keys)
    const specOf = runSpecs(after)
    after.keys.forEach((key, place) => expect(specificationHash(specOf(place)).slice(0, 20)).toBe(key))
    const again = await addRound(after, [at(1.25)])
    expect(openSweepFolder(again.path)).toEqual(again)
    expect([again.rounds, again.keys.length]).toEqual([2, 10])
    expect(await prepareSweepFolder(again.path, planSweep(sweep), [])).toEqual(again)
  })

  it('is refused where a cell is there already, stands twice or is wrong, and nothing is written', async () => {
    const sweepFolder = await folder()
    await expect(addRound(sweepFolder, [at(1.5), at(2)])).rejects.toThrow(
      /cell dynamics.weightDecay = 2 is one of the sweep already/,
    )
    await expect(addRound(sweepFolder, [at(3), at(3)])).rejects.toThrow(/= 3 is one of the sweep already/)
    await expect(addRound(sweepFolder, [at(-1)])).rejects.toThrow(/cell dynamics.weightDecay = -1/)
    expect(openSweepFolder(sweepFolder.path).rounds).toBe(0)
  })

  it('is refused where it is not as it was planned', async () => {
    const { path } = await addRound(await folder(), [at(1.5)])
    const file = join(path, 'round-1.json')
    const written = readFileSync(file, 'utf8')
    for (const broken of [
      '',
      '{',
      written.replace('"round":1', '"round":2'),
      written.replace(/"sweep":"[0-9a-f]/, '"sweep":"'),
    ]) {
      writeFileSync(file, broken)
      expect(() => openSweepFolder(path)).toThrow(/round-1.json is no round of this sweep/)
    }
    writeFileSync(file, written.replace('1.5', '1.6'))
    expect(() => runSpecs(openSweepFolder(path))(4)).toThrow(/is not what its key/)
  })
})
