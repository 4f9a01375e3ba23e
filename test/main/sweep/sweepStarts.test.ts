import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import { loadNullDevice, webGpuBackend } from '../../../src/main/lab/backend/webgpu.ts'
import { completeSweep } from '../../../src/main/services/interchange/completeSweep.ts'
import { createDatasetReader } from '../../../src/main/services/interchange/datasetFile.ts'
import { collectSweep } from '../../../src/main/services/sweeps/collectSweep.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { requireBatches } from '../../../src/main/sweep/computeOnGpu.ts'
import { computeTask } from '../../../src/main/sweep/computeTask.ts'
import { addRound, openSweepFolder, prepareSweepFolder, runSpecs } from '../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { readSweepRuns } from '../../../src/main/sweep/sweepRuns.ts'
import { readSweepStarts } from '../../../src/main/sweep/sweepStarts.ts'
import type { LabError } from '../../../src/shared/errors.ts'
import { requireComposed } from '../../../src/shared/experiment.ts'
import { workingLaboratories } from '../../support/askLaboratory.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { npzOf } from '../../support/npz.ts'

const never = new AbortController().signal
const wave = (length: number, speed: number) => Float64Array.from({ length }, (_, i) => Math.sin(speed * (i + 1)) / 3)
const matrix = (rows: number, columns: number, speed: number) => ({
  shape: [rows, columns],
  data: wave(rows * columns, speed),
})
const [modulus, hidden] = [5, 12]

/** Three starts, of which the last is wider. */
function writeFiles(): string {
  const place = temporaryFolder()
  const write = (name: string, arrays: Parameters<typeof npzOf>[0]) => writeFileSync(join(place, name), npzOf(arrays))
  write('a.npz', { E: matrix(modulus, hidden, 1), W: matrix(hidden, modulus, 2) })
  write('b.npz', { E: matrix(modulus, hidden, 3), train: { shape: [4], data: Int32Array.of(9, 0, 14, 3) } })
  write('wide.npz', { E: matrix(modulus, 2 * hidden, 5) })
  return place
}

const base = {
  task: { kind: 'modularAddition', modulus, trainFraction: 0.7 },
  network: { hidden },
  initialization: { kind: 'file', path: 'a.npz' },
  dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 1, steps: 20 },
  record: { measureEvery: 10, snapshots: 'events' },
}
const files = { field: 'initialization.path', values: ['a.npz', 'b.npz'] }
const scales = { field: 'initialization.scale', values: [1, 2] }
const sweep = { name: 'starts', base, axes: [files, scales], seeds: 2 }

const complete = (spec: unknown, place: string) =>
  completeSweep(
    spec,
    place,
    createDatasetReader(() => false),
  )

async function plan(spec: unknown, place: string) {
  const { input, starts } = await complete(spec, place)
  return planSweep(input, starts)
}

/** A folder whose files are gone. */
async function prepare(spec: unknown = sweep) {
  const place = writeFiles()
  const folder = await prepareSweepFolder(join(place, 'sweep'), await plan(spec, place), [])
  for (const name of ['a', 'b', 'wide']) rmSync(join(place, `${name}.npz`))
  return folder
}

describe('a sweep over starts from files', () => {
  it('names its data and every start that cannot be read, in one go', async () => {
    const task = { kind: 'dataset', path: 'data.npz', trainFraction: 0.7 }
    const axes = [{ field: 'initialization.path', values: ['gone.npz', 'a.npz', 'lost.npz'] }]
    await expect(complete({ ...sweep, base: { ...base, task }, axes }, writeFiles())).rejects.toThrow(
      /data\.npz.*\n.*gone\.npz.*\n.*lost\.npz/,
    )
  })

  it('has each once in its folder, by its hash, wherever its runs are computed, and each run begins from its own', async () => {
    const folder = await prepare()
    expect(readdirSync(join(folder.path, 'starts'))).toHaveLength(2)
    const outcome = await computeTask(openSweepFolder(folder.path), 0, { signal: never })
    expect(outcome).toMatchObject({ finished: 8, left: 0, problems: [] })
    const path = join(folder.path, '../a.grokscope')
    expect(collectSweep(folder, path).taken).toBe(8)
    expect(collectSweep(folder, path).taken).toBe(0)
    const archive = openArchive(path, { readOnly: true })
    const runs = archive.runs.listRuns()
    for (const { id, facets, trainPairs } of runs) {
      const initial = archive.runs.initialState(id)!
      const [speed, scale] = [facets['initialization.path'] === 'a.npz' ? 1 : 3, facets['initialization.scale'] ?? 1]
      expect(initial.parameters['E']!.data).toEqual(wave(modulus * hidden, speed).map((value) => value * Number(scale)))
      // The other draws its own.
      if (speed === 3) expect(initial.train).toEqual(Int32Array.of(0, 3, 9, 14))
      expect(trainPairs).toBe(speed === 3 ? 4 : 11)
      expect(archive.integrity.checkWhole(id).findings).toEqual([])
    }
    expect(runs).toHaveLength(8)
    archive.close()
    // The list of the sweep itself says the same.
    expect(readSweepRuns(folder).map(({ trainPairs }) => trainPairs)).toEqual([11, 11, 11, 11, 4, 4, 4, 4])
  })

  it('may change start and width together, and starts together with what they lie in', async () => {
    const paired = {
      fields: ['network.hidden', 'initialization'],
      values: [
        [hidden, { kind: 'normal' }],
        [hidden, { kind: 'file', path: 'b.npz' }],
        [2 * hidden, { kind: 'file', path: 'wide.npz', scale: 0.5 }],
      ],
    }
    const folder = await prepare({ ...sweep, axes: [paired], seeds: 1 })
    expect(await computeTask(folder, 0, { signal: never })).toMatchObject({ finished: 3, problems: [] })
    const startOf = readSweepStarts(folder)
    const specOf = runSpecs(folder)
    const first = [0, 1, 2].map((place) => startOf(specOf(place))?.parameters['E']!.data[0])
    expect(first).toEqual([undefined, wave(1, 3)[0], wave(1, 5)[0]! / 2])
  })

  it('is refused before anything is written where a cell’s network is of another shape than its start', async () => {
    const place = writeFiles()
    const widths = { ...sweep, axes: [{ field: 'network.hidden', values: [hidden, 2 * hidden] }] }
    const refusal: unknown = await plan(widths, place).catch((error: unknown) => error)
    const message =
      'cell network.hidden = 24: initialization.path: a.npz: E has shape (5, 12); this specification needs (5, 24)'
    expect(refusal).toMatchObject({ code: 'INVALID_SPECIFICATION', message })
    expect((refusal as LabError).detail).toMatchObject([{ path: 'base.initialization.path', value: 'a.npz' }])
    const moduli = { ...sweep, axes: [files, { field: 'task.modulus', values: [5, 7] }] }
    const other: unknown = await plan(moduli, place).catch((error: unknown) => error)
    expect((other as LabError).message).toMatch(
      /^cell initialization.path = "a.npz", task.modulus = 7: .*E has shape \(5, 12\); this specification needs \(7, 12\)/,
    )
    expect((other as LabError).detail).toMatchObject([{ path: 'axes.0' }, { path: 'axes.0' }])
    const folder = await prepare({ ...sweep, axes: [scales] })
    await expect(addRound(folder, [[{ path: 'network.hidden', value: 18 }]])).rejects.toThrow(/needs \(5, 18\)/)
    expect(existsSync(join(folder.path, 'round-1.json'))).toBe(false)
  })

  it('is refused where an axis sets a share or a split beside a start that has its own training set', async () => {
    const place = writeFiles()
    const ofTrain = { ...base, initialization: { kind: 'file', path: 'b.npz' } }
    const shares = { field: 'task.trainFraction', values: [0.6, 0.7] }
    await expect(plan({ ...sweep, base: ofTrain, axes: [shares] }, place)).rejects.toMatchObject({
      code: 'INVALID_SPECIFICATION',
      message: expect.stringContaining(
        'cell task.trainFraction = 0.6: task.trainFraction: 0.6 has no effect: the training set is train of b.npz',
      ) as string,
    })
    const splits = { field: 'task.split', values: [{ kind: 'random' }, { kind: 'block' }] }
    await expect(plan({ ...sweep, base: ofTrain, axes: [splits] }, place)).rejects.toThrow(/has no effect/)
    const task = { kind: 'modularAddition', modulus, trainFraction: 0.7 }
    const ofTask = (...others: object[]) => ({ field: 'task', values: others.map((other) => ({ ...task, ...other })) })
    for (const [other, words] of [
      [{ trainFraction: 0.6 }, 'task.trainFraction: 0.6 has no effect'],
      [{ split: { kind: 'block' } }, 'task.split: {"kind":"block"} has no effect'],
    ] as const) {
      const refusal = plan({ ...sweep, base: ofTrain, axes: [ofTask({}, other)] }, place)
      await expect(refusal).rejects.toMatchObject({
        message: expect.stringContaining(words) as string,
        detail: [{ path: 'axes.0' }],
      })
    }
    const kinds = ofTask({}, { kind: 'modularMultiplication' })
    expect((await plan({ ...sweep, base: ofTrain, axes: [kinds] }, place)).cells).toHaveLength(2)
    expect((await plan({ ...sweep, axes: [shares] }, place)).cells).toHaveLength(2)
  })

  it('is refused with several seeds of a start that leaves nothing to draw', async () => {
    const place = writeFiles()
    const indices = { shape: [4], data: Int32Array.of(9, 0, 14, 3) }
    writeFileSync(join(place, 'a.npz'), npzOf({ E: matrix(5, hidden, 1), W: matrix(hidden, 5, 2), train: indices }))
    const refusal = await plan({ ...sweep, axes: [scales] }, place).catch((error: unknown) => error as LabError)
    expect(refusal).toMatchObject({
      code: 'INVALID_SPECIFICATION',
      message:
        'cell initialization.scale = 1: seeds: 2 seeds are not allowed with the start a.npz: the runs of all 2 seeds are the same to the ' +
        'bit: weights and training set are given, and nothing else is drawn; one seed is enough',
      detail: [{ path: 'seeds', value: [0, 1] }],
    })
    expect((await plan({ ...sweep, axes: [scales], seeds: 1 }, place)).keys).toHaveLength(2)
    const inBatches = { ...base, dynamics: { ...base.dynamics, batch: { size: 2 } } }
    expect((await plan({ ...sweep, base: inBatches, axes: [scales] }, place)).keys).toHaveLength(4)
  })

  it('is refused in the cell whose scale takes its start beyond the largest number', async () => {
    const place = writeFiles()
    writeFileSync(join(place, 'a.npz'), npzOf({ E: { shape: [modulus, hidden], data: wave(60, 1).with(0, 1e305) } }))
    const scaled = { field: 'initialization.scale', values: [1, 1e6] }
    await expect(plan({ ...sweep, axes: [scaled] }, place)).rejects.toThrow(
      /^cell initialization.scale = 1000000: .*a.npz: E\[0, 0\] is 1e\+305, which times/,
    )
  })

  it('is refused with every file that is not there, and with every one of another shape', async () => {
    const place = writeFiles()
    const paths = ['a.npz', 'c.npz', 'wide.npz', 'd.npz']
    const missing = { ...sweep, axes: [{ ...files, values: paths }] }
    const message = ['c.npz', 'd.npz'].map((name) => `axes.0: ${join(place, name)}: no such file`)
    await expect(complete(missing, place)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: message.join('\n'),
      detail: [
        { path: 'axes.0', value: 'c.npz', message: message[0] },
        { path: 'axes.0', value: 'd.npz', message: message[1] },
      ],
    })
    writeFileSync(join(place, 'c.npz'), npzOf({ E: matrix(7, hidden, 1) }))
    const shapes = { ...sweep, axes: [{ ...files, values: ['a.npz', 'c.npz', 'wide.npz'] }, scales] }
    await expect(plan(shapes, place)).rejects.toMatchObject({
      code: 'INVALID_SPECIFICATION',
      message:
        'cell initialization.path = "c.npz", initialization.scale = 1: initialization.path: c.npz: ' +
        'E has shape (7, 12); this specification needs (5, 12)\n' +
        'cell initialization.path = "wide.npz", initialization.scale = 1: initialization.path: wide.npz: ' +
        'E has shape (5, 24); this specification needs (5, 12)',
      detail: [{ path: 'axes.0' }, { path: 'axes.0' }],
    })
    const many = Array.from({ length: 400 }, (_, i) => `${i}.npz`)
    await expect(complete({ ...sweep, axes: [{ ...files, values: many }] }, place)).rejects.toThrow(
      /0.npz: no such file\n[^]*\n… and \d+ more$/,
    )
  })

  it('is told where a file is not there, or has changed since what the sweep says of it', async () => {
    const place = writeFiles()
    const { starts } = (await plan(sweep, place)).spec
    const missing = { ...sweep, axes: [{ ...files, values: ['a.npz', 'c.npz'] }] }
    await expect(complete(missing, place)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('c.npz: no such file') as string,
      detail: [{ path: 'axes.0', value: 'c.npz' }],
    })
    writeFileSync(join(place, 'a.npz'), npzOf({ E: matrix(modulus, hidden, 7) }))
    await expect(complete({ ...sweep, starts }, place)).rejects.toThrow(
      /a.npz: holds other weights than starts says, whose hash is \w{64}; its own is \w{64}; to take it as it is now, leave starts out/,
    )
    const said = { ...base, initialization: { ...base.initialization, hash: starts!['a.npz'] } }
    const alone = { ...sweep, base: said, axes: [scales] }
    await expect(complete(alone, place)).rejects.toThrow(/a.npz: holds other weights than initialization.hash says/)
    // The axis takes its place.
    expect((await complete({ ...alone, axes: [files] }, place)).starts.size).toBe(2)
  })

  it('has the key of its numbers, whatever the files are called', async () => {
    const place = writeFiles()
    const { key } = await plan(sweep, place)
    writeFileSync(join(place, 'copy.npz'), readFileSync(join(place, 'a.npz')))
    const copied = { ...sweep, axes: [{ ...files, values: ['copy.npz', 'b.npz'] }, scales] }
    expect((await plan(copied, place)).key).toBe(key)
    writeFileSync(join(place, 'copy.npz'), npzOf({ E: matrix(modulus, hidden, 7) }))
    expect((await plan(copied, place)).key).not.toBe(key)
    const twice = { ...sweep, axes: [{ ...files, values: ['a.npz', './a.npz'] }] }
    await expect(plan(twice, place)).rejects.toThrow(/are the same experiment; leave one out/)
  })

  it('takes whole numbers as the real ones that they are, and names the file that it speaks of', async () => {
    const place = writeFiles()
    const ones = Int32Array.from({ length: modulus * hidden }, (_, i) => i % 2)
    const write = (name: string, data: Int32Array | Float64Array) =>
      writeFileSync(join(place, name), npzOf({ E: { shape: [modulus, hidden], data } }))
    write('real.npz', Float64Array.from(ones))
    write('whole.npz', ones)
    const either = { ...sweep, axes: [{ ...files, values: ['real.npz', 'whole.npz'] }] }
    await expect(plan(either, place)).rejects.toThrow(
      'cell initialization.path = "real.npz" and cell initialization.path = "whole.npz" are the same experiment',
    )
    const [real, whole] = await Promise.all(
      ['real.npz', 'whole.npz'].map((name) => plan({ ...sweep, axes: [{ ...files, values: [name, 'b.npz'] }] }, place)),
    )
    expect(whole!.key).toBe(real!.key)
  })

  it('computes nothing from a start that is gone, or another by a single byte', async () => {
    const folder = await prepare({ ...sweep, axes: [files], seeds: 1 })
    const [name] = Object.values(folder.spec.starts!)
    const file = join(folder.path, 'starts', name!)
    const whole = readFileSync(file)
    const read = () => readSweepStarts(folder)(runSpecs(folder)(0))!.parameters['E']!.data
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const torn = Buffer.from(whole)
        torn[place]! ^= change
        writeFileSync(file, torn)
        // What stands between the numbers may be written otherwise, and say the same.
        try {
          expect(read()).toEqual(wave(modulus * hidden, 1))
        } catch (error) {
          expect((error as LabError).message).toContain('is not what was planned')
        }
      }),
    )
    rmSync(file)
    const { finished, left, problems } = await computeTask(folder, 0, { signal: never })
    expect([finished, left]).toEqual([1, 1])
    expect(problems).toEqual([expect.stringMatching(/is not there, and the sweep was planned with it/)])
  })

  it('is not computed on a GPU', async () => {
    const place = writeFiles()
    const gpu = webGpuBackend(await loadNullDevice(), plainBackend('float32'))
    const narrow = { ...sweep, base: { ...base, precision: 'float32' } }
    const planned = await plan(narrow, place)
    await expect(requireBatches(planned, gpu)).rejects.toThrow(
      /initialization.kind: "file" is not allowed for many runs at once/,
    )
    gpu.close()
  })
})

const laboratories = workingLaboratories()

describe('in the window', () => {
  it('its runs are those that are computed one by one, to the bit, and a cell gets more seeds without the file', async () => {
    const place = writeFiles()
    const ask = laboratories.ask(join(place, 'a.grokscope'))
    const at = (name: string) => join(place, name)
    const one = { ...base, initialization: { kind: 'file', path: at('b.npz'), scale: 2 }, name: 'one', seeds: [0, 1] }
    const { runIds } = await ask('experiment.submit', { spec: one })
    const listed = async (ids: readonly string[]) => (await ask('run.list', { runIds: [...ids] })).runs
    const areDone = async (ids: readonly string[]) => (await listed(ids)).every(({ status }) => status === 'finished')
    await expect.poll(() => areDone(runIds)).toBe(true)
    const [single] = await listed(runIds)
    const found = requireComposed((await ask('run.show', { runId: single!.id })).spec!).initialization
    expect(found).toMatchObject({ kind: 'file', hash: expect.stringMatching(/^\w{64}$/) as string })

    const spec = { ...sweep, axes: [{ ...files, values: [at('a.npz'), at('b.npz')] }, scales] }
    expect(await ask('sweep.plan', { spec })).toMatchObject({ problems: [], forecast: { runs: 8 } })
    const { id } = await ask('sweep.create', { spec, computes: false })
    for (const name of ['a.npz', 'b.npz']) rmSync(at(name))
    await ask('sweep.run', { sweep: id })
    await expect.poll(async () => (await ask('sweep.show', { sweep: id })).finished).toBe(8)
    const { taken, present } = await ask('sweep.collect', { sweep: id })
    expect(taken + present).toBe(8)
    const { runs } = await ask('run.list', {})
    const like = runs.filter((run) => run.specificationHash === single!.specificationHash)
    expect(like).toHaveLength(2)
    expect(new Set(like.map((run) => run.resultHash)).size).toBe(1)

    const more = await ask('sweep.addSeeds', { sweep: id, cell: 3, count: 1 })
    await expect.poll(() => areDone(more.runIds)).toBe(true)
    const [added] = await listed(more.runIds)
    expect(added!.facets).toMatchObject({ 'initialization.hash': 'hash' in found ? found.hash : undefined })
  })

  it('says what of its files is not taken, and what a training set of theirs takes the place of', async () => {
    const place = writeFiles()
    const ask = laboratories.ask(join(place, 'a.grokscope'))
    const path = join(place, 'other.npz')
    const train = { shape: [4], data: Int32Array.of(9, 0, 14, 3) }
    writeFileSync(path, npzOf({ E: matrix(modulus, hidden, 1), w: matrix(hidden, modulus, 2), train }))
    const started = { ...base, initialization: { kind: 'file', path } }
    const spec = { ...sweep, base: started, axes: [scales] }
    const [unused, ...others] = (await ask('experiment.submit', { spec: { ...started, seeds: [0] } })).warnings!
    expect(unused).toMatch(/other.npz: not used: w/)
    expect(others).toEqual([
      expect.stringMatching(/its train is the training set, 4 of \d+ samples; task.trainFraction, .* has no effect$/),
    ])
    const { warnings, problems } = await ask('sweep.plan', { spec })
    expect(problems).toEqual([])
    expect(warnings).toEqual([expect.stringMatching(/other.npz: not used: w/), ...others])
    expect((await ask('sweep.create', { spec, computes: false })).warnings).toEqual(warnings)
    expect(
      (
        await ask('sweep.plan', {
          spec: { ...sweep, base: { ...base, initialization: { kind: 'normal' } }, axes: [scales] },
        })
      ).warnings,
    ).toEqual([])
  })

  it('a cell whose start leaves nothing to draw gets no more seeds', async () => {
    const place = writeFiles()
    const ask = laboratories.ask(join(place, 'a.grokscope'))
    const indices = { shape: [4], data: Int32Array.of(9, 0, 14, 3) }
    writeFileSync(join(place, 'a.npz'), npzOf({ E: matrix(5, hidden, 1), W: matrix(hidden, 5, 2), train: indices }))
    const spec = { ...sweep, base: { ...base, initialization: { kind: 'file', path: join(place, 'a.npz') } } }
    const { id } = await ask('sweep.create', { spec: { ...spec, axes: [scales], seeds: 1 }, computes: false })
    const message = expect.stringMatching(/^cell 1 needs no more seeds: .* are the same to the bit/) as string
    await expect(ask('sweep.addSeeds', { sweep: id, cell: 1, count: 5 })).rejects.toMatchObject({ message })
  })

  it('says at the field what is wrong with a file, and takes none for a live map', async () => {
    const place = writeFiles()
    const ask = laboratories.ask(join(place, 'a.grokscope'))
    const at = (name: string) => join(place, name)
    const path = at('wide.npz')
    const spec = { ...sweep, base: { ...base, initialization: { kind: 'file', path } }, axes: [scales] }
    expect((await ask('sweep.plan', { spec })).problems).toMatchObject([
      { path: 'base.initialization.path', message: expect.stringContaining('E has shape (5, 24)') as string },
    ])
    rmSync(path)
    const gone = { ...files, values: [at('c.npz'), at('d.npz')] }
    expect((await ask('sweep.plan', { spec: { ...spec, axes: [gone] } })).problems).toMatchObject(
      gone.values.map((value) => ({ path: 'axes.0', value, message: `axes.0: ${value}: no such file` })),
    )
    expect((await ask('sweep.plan', { spec })).problems).toMatchObject([
      { path: 'base.initialization.path', message: expect.stringContaining('no such file') as string },
    ])
    await expect(ask('sweep.create', { spec, computes: false })).rejects.toThrow(/no such file/)
    const axes = [scales, { field: 'dynamics.learningRate', values: [0.01, 0.02] }]
    const live = await ask('liveMap.begin', { liveMap: 'a', spec: { ...spec, axes }, leastSeeds: 1 })
    expect(live.problems).toMatchObject([
      {
        path: 'base.initialization.kind',
        message: expect.stringContaining('takes no start from a file') as string,
      },
    ])
  })
})
