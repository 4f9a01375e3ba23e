import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import { createClientWatch } from '../../../src/main/services/clientWatch.ts'
import { dispatch } from '../../../src/main/services/dispatch.ts'
import { findField } from '../../../src/shared/specification/fields.ts'
import { exportFormatNames } from '../../../src/main/services/interchange/exportFormats.ts'
import { openLaboratory, type Laboratory, type LaboratoryOptions } from '../../../src/main/services/laboratory.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import {
  requests,
  type HostEventName,
  type RequestInput,
  type RequestName,
  type Responses,
} from '../../../src/shared/contract.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { measurementNames } from '../../../src/shared/measurements.ts'
import type { RunStatus, RunSummary } from '../../../src/shared/run.ts'
import { noFigures, smallSpec } from '../../support/archive.ts'
import { readCsv } from '../../support/readCsv.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { npzOf } from '../../support/npz.ts'
import { workerProgram } from '../../support/program.ts'
import { writerProcesses } from '../../support/writerProcess.ts'

const startWriter = writerProcesses()
const cacheFolder = temporaryFolder()
const open: Laboratory[] = []
afterEach(() => Promise.all(open.splice(0).map((laboratory) => laboratory.close())))

const specification = {
  name: 'small',
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 16, activation: 'tanh' },
  dynamics: { kind: 'isolated', ridge: 0.1, steps: 40 },
  record: { measureEvery: 5, snapshots: [20] },
}
const endless = { ...specification, dynamics: { ...specification.dynamics, steps: 100_000_000 } }

/** A laboratory over real workers, asked as a renderer asks it: by name, through the contract. */
function startLaboratory(
  archivePath = join(temporaryFolder(), 'a.grokscope'),
  options: Pick<LaboratoryOptions, 'startQueued' | 'readOnly' | 'log'> = {},
) {
  let processes = 0
  const laboratory = openLaboratory({
    archivePath,
    cacheFolder,
    startWorker: (environment) => {
      processes += 1
      return nodeWorkers(workerProgram)(environment)
    },
    host: {
      chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
      chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
    },
    slots: 2,
    ...options,
  })
  open.push(laboratory)
  const told: { name: HostEventName; data: unknown }[] = []
  let check = () => {}
  laboratory.subscribe((name, data) => {
    told.push({ name, data })
    check()
  })
  async function ask<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Responses[Name]> {
    const answer = await dispatch(createClientWatch(laboratory.handlers).handlers, name, input)
    if (!answer.ok) throw LabError.fromRecord(answer.error)
    return answer.data as Responses[Name]
  }
  const changes = () => told.filter(({ name }) => name === 'run.changed').map(({ data }) => data as RunSummary[])
  const statusOf = (runId: string) =>
    changes()
      .flat()
      .findLast(({ id }) => id === runId)?.status
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      check = () => condition() && resolve()
      check()
    })
  const untilStatus = (runId: string, status: RunStatus) => until(() => statusOf(runId) === status)
  const finish = async (spec: Record<string, unknown>) => {
    const { runIds } = await ask('experiment.submit', { spec })
    for (const runId of runIds) await untilStatus(runId, 'finished')
    return runIds
  }
  return { laboratory, archivePath, ask, told, changes, until, untilStatus, finish, started: () => processes }
}

describe('the laboratory, asked through its contract', () => {
  it('runs an experiment and answers for everything that was measured and saved', async () => {
    const { ask, finish, told } = startLaboratory()
    const runIds = await finish({ ...specification, seeds: [0, 1] })
    const [runId] = runIds as [string]
    expect((await ask('run.list', {})).runs.map(({ id }) => id).sort()).toEqual(runIds.toSorted())
    const shown = await ask('run.show', { runId })
    expect(shown).toMatchObject({
      status: 'finished',
      seed: 0,
      provenance: { backend: 'wasm' },
      report: { accepted: 40 },
    })
    const [curves] = await ask('run.curves', { runIds: [runId], measurements: ['trainLoss', 'ridgeObjective'] })
    expect(curves!.curves.trainLoss!.step).toEqual(Float64Array.from({ length: 9 }, (_, i) => 5 * i))
    expect(curves!.curves.ridgeObjective!.value.length).toBe(9)
    const snapshots = await ask('run.snapshots', { runId })
    expect(snapshots.map(({ step }) => step)).toEqual(expect.arrayContaining([0, 20, 40]))
    const E = await ask('run.matrix', { runId, step: 20, matrix: 'E' })
    expect([E.rows, E.columns]).toEqual([5, 16])
    const formats = await ask('run.exportFormats', {})
    expect(formats.map(({ name }) => name)).toEqual(exportFormatNames)
    for (const { name: format, ending, needs } of formats) {
      if (needs) {
        expect(findField(needs)).toBeDefined()
        expect((await ask('run.show', { runId })).facets).not.toHaveProperty([needs])
        continue
      }
      const { name, bytes } = await ask('run.export', { runId, format })
      expect(name).toBe(`grokscope-${runId}.${ending}`)
      expect(bytes.length).toBeGreaterThan(100)
    }
    await expect(ask('run.export', { runId, format: 'xlsx' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: `format: "xlsx" is not allowed; one of ${exportFormatNames.join(', ')}`,
    })
    const fourier = await ask('analysis.compute', { runId, step: 40, kind: 'fourier' })
    expect(fourier).toMatchObject({ step: 40, frequencies: 2 })
    await expect(ask('analysis.compute', { runId, step: 41, kind: 'fourier' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const slow = { runId, step: 40, kind: 'spectrumOverSteps' as const }
    const alone = await ask('analysis.compute', { ...slow, computation: 'spectrum' })
    expect(alone).toEqual(await ask('analysis.compute', slow))
    const progress = told.filter(({ name }) => name === 'computation.progress').map(({ data }) => data)
    expect(progress[0]).toEqual({ computation: 'spectrum', done: 0, of: snapshots.length })
    expect(await ask('computation.cancel', { computation: 'spectrum' })).toBeNull()
    await expect(ask('run.show', { runId: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('draws under a slider the numbers that a run at its values is exported with', async () => {
    const { ask, finish } = startLaboratory()
    const figure = 'pezeshki2022/doubleDescent'
    const setting = { scaleRatio: 30, weightDecay: 0.001 }
    const [panel] = await ask('paper.explore', { figure, setting })
    const { x, y } = panel!.series.find(({ name }) => name === 'theory')!
    const [runId] = (await finish({ study: { kind: 'multiScaleFeatures', ...setting, places: x.length } })) as [string]
    const rows = readCsv(new TextDecoder().decode((await ask('run.export', { runId, format: 'csv' })).bytes))
    expect(rows.map((row) => row['tau'])).toEqual([...x])
    expect(rows.map((row) => row['theoryGeneralizationError'])).toEqual([...y])
    await expect(ask('paper.explore', { figure, setting: { dimension: 50 } })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('setting.dimension: is no slider') as string,
    })
  })

  it('ends a simulation that is cancelled, and begins the next', async () => {
    const { ask, told, until } = startLaboratory()
    const progress = (computation: string) =>
      told.some(({ data }) => (data as { computation?: string }).computation === computation)
    const figure = 'pezeshki2022/scales'
    const first = ask('paper.explore', { figure, setting: { samples: 130 }, computation: 'first' })
    const cancelled = expect(first).rejects.toMatchObject({ code: 'CANCELLED' })
    await until(() => progress('first'))
    expect(await ask('computation.cancel', { computation: 'first' })).toBeNull()
    await cancelled
    const next = ask('paper.explore', { figure, setting: { samples: 140 }, computation: 'next' })
    await until(() => progress('next'))
    const [panel] = await next
    expect(panel!.caption).toMatch(/^\$n\$ = 140: .*points are means of seeds$/)
  })

  it('goes on whatever those who listen to it throw', async () => {
    const logged: string[] = []
    const { laboratory, finish, ask } = startLaboratory(undefined, { log: (line) => logged.push(line) })
    const fail = () => {
      throw new TypeError('a listener')
    }
    const ends = [laboratory.subscribe(fail), laboratory.onRunEvents(fail)]
    const [runId] = (await finish(specification)) as [string]
    expect(await ask('run.show', { runId })).toMatchObject({ status: 'finished', message: null })
    ends.forEach((end) => end())
    expect(logged.every((line) => /^TypeError: a listener\n {4}at /.test(line))).toBe(true)
    expect(logged.length).toBeGreaterThan(2)
  })

  it('reads the curves of many runs one after the other, and answers others in between', async () => {
    const { ask, finish } = startLaboratory()
    const runIds = await finish({ ...specification, seeds: [0, 1] })
    const answered: string[] = []
    const curves = ask('run.curves', { runIds, measurements: ['trainLoss'] })
    await Promise.all([
      curves.then(() => answered.push('curves')),
      ask('run.show', { runId: runIds[0]! }).then(() => answered.push('run')),
    ])
    expect(answered).toEqual(['run', 'curves'])
    expect((await curves).map(({ runId }) => runId)).toEqual(runIds)
  })

  it('pauses, continues, cancels, resumes and extends', async () => {
    const { ask, until, untilStatus, told } = startLaboratory()
    const { runIds } = await ask('experiment.submit', { spec: endless })
    const [runId] = runIds as [string]
    const measuredRows = () => told.filter(({ name }) => name === 'run.measured').length
    await until(() => measuredRows() > 1)
    await ask('run.pause', { runIds })
    await untilStatus(runId, 'paused')
    await ask('run.continue', { runIds })
    const rows = measuredRows()
    await until(() => measuredRows() > rows + 2)
    await ask('run.cancel', { runIds })
    await untilStatus(runId, 'cancelled')
    const { step } = await ask('run.show', { runId })
    expect((await ask('run.snapshots', { runId })).at(-1)).toMatchObject({ step, reason: 'checkpoint' })
    await ask('run.resume', { runIds })
    await untilStatus(runId, 'running')
    await ask('run.cancel', { runIds })
    await untilStatus(runId, 'cancelled')
    expect((await ask('run.show', { runId })).step).toBeGreaterThanOrEqual(step)
    await expect(ask('run.extend', { runIds, steps: 10 })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('branches from a snapshot under another specification, on the same split', async () => {
    const { ask, finish, untilStatus } = startLaboratory()
    const [parent] = (await finish(specification)) as [string]
    const training = {
      ...specification,
      name: 'branch',
      dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 1e-3, steps: 10 },
    }
    const { runIds } = await ask('run.branch', { runId: parent, step: 20, spec: training })
    await untilStatus(runIds[0]!, 'finished')
    const branch = await ask('run.show', { runId: runIds[0]! })
    expect(branch).toMatchObject({ parentRunId: parent, parentStep: 20, facets: { 'dynamics.kind': 'training' } })
    expect(branch.train).toEqual((await ask('run.show', { runId: parent })).train)
    expect(await ask('run.matrix', { runId: branch.id, step: 0, matrix: 'E' })).toEqual(
      await ask('run.matrix', { runId: parent, step: 20, matrix: 'E' }),
    )
    const wider = { ...training, network: { hidden: 17 } }
    await expect(ask('run.branch', { runId: parent, step: 20, spec: wider })).rejects.toMatchObject({
      code: 'INVALID_SPECIFICATION',
      message: 'network.hidden: 17 is not allowed; a branch keeps the weights of the run it begins from, which has 16',
    })
    const { task } = specification
    for (const change of [
      { trainFraction: 0.5 },
      { split: { kind: 'block' } },
      { pairs: 'ordered', inputs: 'concatenated' },
    ]) {
      const spec = { ...training, task: { ...task, ...change } }
      const message = expect.stringContaining('a branch keeps the training set of the run it begins from') as string
      await expect(ask('run.branch', { runId: parent, step: 20, spec })).rejects.toMatchObject({ message })
    }
    const again = await ask('run.rerun', { runIds: [branch.id] })
    await untilStatus(again.runIds[0]!, 'finished')
    expect(await ask('run.show', { runId: again.runIds[0]! })).toMatchObject({ parentRunId: parent, parentStep: 20 })
    // The same specification from another snapshot is another run.
    const elsewhere = await ask('run.branch', { runId: parent, step: 0, spec: training })
    await untilStatus(elsewhere.runIds[0]!, 'finished')
    const { repetitions } = await ask('run.show', { runId: branch.id })
    expect(repetitions).toMatchObject([{ runId: again.runIds[0]!, agrees: true }])
    expect(await ask('run.matrix', { runId: again.runIds[0]!, step: 10, matrix: 'E' })).toEqual(
      await ask('run.matrix', { runId: branch.id, step: 10, matrix: 'E' }),
    )
  })

  it('computes 40 small runs in no more processes than slots, to the bits of a second time', async () => {
    const { ask, finish, started } = startLaboratory()
    const seeds = Array.from({ length: 20 }, (_, seed) => seed)
    await finish({ ...specification, seeds })
    await finish({ ...specification, seeds })
    expect(started()).toBeLessThanOrEqual(2)
    const hashes = (await ask('run.list', {})).runs.map(({ seed, contentHash }) => `${seed} ${contentHash}`)
    expect(hashes.length).toBe(40)
    expect(new Set(hashes).size).toBe(20)
  })

  it('repeats a run to the bit: the same content hash', async () => {
    const { ask, finish, untilStatus } = startLaboratory()
    const runIds = await finish(specification)
    const again = await ask('run.rerun', { runIds })
    await untilStatus(again.runIds[0]!, 'finished')
    const hashes = (await ask('run.list', {})).runs.map(({ contentHash }) => contentHash)
    expect(hashes).toEqual([hashes[0], hashes[0]])
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
    const other = await finish({ ...specification, name: 'another name' })
    await finish({ ...specification, record: { measureEvery: 10 } })
    const { repetitions } = await ask('run.show', { runId: runIds[0]! })
    expect(repetitions.map(({ runId, agrees }) => ({ runId, agrees }))).toEqual([
      { runId: other[0], agrees: true },
      { runId: again.runIds[0], agrees: true },
    ])
    const [extended] = other as [string]
    await ask('run.extend', { runIds: [extended], steps: specification.dynamics.steps + 10 })
    await untilStatus(extended, 'finished')
    const after = (await ask('run.show', { runId: runIds[0]! })).repetitions
    expect(after.map(({ runId }) => runId)).toEqual([again.runIds[0]])
  })

  it('repeats a run that was given its start where that is gone: its file, or the run that it branched from', async () => {
    const { ask, finish, untilStatus } = startLaboratory()
    const path = join(temporaryFolder(), 'start.npz')
    const wave = Float64Array.from({ length: 80 }, (_, place) => Math.sin(place))
    writeFileSync(path, npzOf({ E: { shape: [5, 16], data: wave }, W: { shape: [16, 5], data: wave } }))
    const [ofFile] = (await finish({ ...specification, initialization: { kind: 'file', path } })) as [string]
    rmSync(path)
    const [parent] = (await finish({ ...specification, seeds: [1] })) as [string]
    const { runIds } = await ask('run.branch', { runId: parent, step: 20, spec: specification })
    const [branch] = runIds as [string]
    await untilStatus(branch, 'finished')
    await ask('run.move', { moves: [{ runIds: [parent], to: 'bin' }] })
    await ask('run.purge', { runIds: [parent] })

    for (const [runId, parentRunId] of [
      [ofFile, null],
      [branch, parent],
    ] as const) {
      const [again] = (await ask('run.rerun', { runIds: [runId] })).runIds as [string]
      await untilStatus(again, 'finished')
      const [first, second] = await Promise.all([runId, again].map((id) => ask('run.show', { runId: id })))
      expect(second).toMatchObject({ parentRunId, resultHash: first!.resultHash })
      expect(second!.repetitions).toMatchObject([{ runId, agrees: true }])
      for (const step of [0, 40]) {
        const ofBoth = [runId, again].map((id) => ask('run.matrix', { runId: id, step, matrix: 'E' }))
        const [before, now] = await Promise.all(ofBoth)
        expect(now).toEqual(before)
      }
    }
  })

  it('foresees cost, or says what is wrong', async () => {
    const { ask } = startLaboratory()
    const right = await ask('experiment.estimate', { spec: { ...specification, seeds: [0, 1, 2] } })
    expect(right).toMatchObject({
      problems: [],
      spec: { name: 'small' },
      estimate: { steps: specification.dynamics.steps },
    })
    expect(right.estimate!.seconds).toBeGreaterThan(0)
    expect(right.wallSeconds! / right.estimate!.seconds!).toBeGreaterThanOrEqual(1)
    const wrong = await ask('experiment.estimate', { spec: { ...specification, network: { hidden: 0 } } })
    expect(wrong).toMatchObject({ spec: null, estimate: null, problems: [{ path: 'network.hidden', value: 0 }] })
    await expect(ask('experiment.submit', { spec: { ...specification, seeds: [] } })).rejects.toMatchObject({
      code: 'INVALID_SPECIFICATION',
    })
  })

  it('keeps the notes of two who write at once, and tells the second what stands there', async () => {
    const { ask, finish } = startLaboratory()
    const [runId] = (await finish(specification)) as [string]
    const write = async (notes: string, before: string) => (await ask('run.annotate', { runId, notes, before })).notes
    expect(await write('seen', '')).toBe('seen')
    expect(await write('seen by the first', 'seen')).toBe('seen by the first')
    const both = 'seen by the first\n\nseen by the second'
    expect(await write('seen by the second', 'seen')).toBe(both)
    expect((await ask('run.show', { runId })).notes).toBe(both)
    expect(await write(both, 'seen'), 'what is there already is not written twice').toBe(both)
    expect(await write('', 'seen'), 'nothing takes nothing away').toBe(both)
    expect(await write('one of both', both)).toBe('one of both')
  })

  it('keeps names, notes, tags and places, and tells of each change', async () => {
    const { ask, finish, told, changes } = startLaboratory()
    const runIds = await finish(specification)
    const [runId] = runIds as [string]
    await ask('run.rename', { runId, name: 'a better name' })
    await ask('run.annotate', { runId, notes: 'see Fig. 6', before: '' })
    await ask('run.tag', { changes: [{ runIds, add: ['euler', 'kept'] }] })
    await ask('run.tag', { changes: [{ runIds, remove: ['kept'] }] })
    expect(await ask('run.show', { runId })).toMatchObject({
      name: 'a better name',
      notes: 'see Fig. 6',
      tags: ['euler'],
    })
    expect(changes().at(-1)).toMatchObject([{ tags: ['euler'] }])
    await ask('run.move', { moves: [{ runIds, to: 'bin' }] })
    expect((await ask('run.list', {})).runs[0]!.binnedAt).not.toBeNull()
    await ask('run.purge', { runIds })
    expect((await ask('run.list', {})).runs).toEqual([])
    expect(told.at(-1)).toEqual({ name: 'run.removed', data: { runIds } })
  })

  it('tells the figure of a paper when its runs go into the bin, come back or are imported', async () => {
    const other = join(temporaryFolder(), 'other.grokscope')
    const archive = openArchive(other)
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec(), figure: 'musat2025/fig6' })
    archive.runs.end(runIds, { status: 'cancelled' })
    archive.close()
    const { ask, told } = startLaboratory()
    const { id } = await ask('archive.open', { path: other })
    const figures = () => told.splice(0).flatMap(({ name, data }) => (name === 'paper.changed' ? [data] : []))
    const figure = { figure: 'musat2025/fig6' }
    await ask('archive.import', { archive: id, runIds })
    expect(figures()).toEqual([figure])
    await ask('run.move', { moves: [{ runIds, to: 'bin' }] })
    expect(figures()).toEqual([figure])
    await ask('run.move', { moves: [{ runIds, to: 'library' }] })
    expect(figures()).toEqual([figure])
  })

  it('does what is asked of several runs to all of them, told in one message, or to none', async () => {
    const { ask, finish, changes } = startLaboratory()
    const [a, b, c] = (await finish({ ...specification, seeds: [0, 1, 2] })) as [string, string, string]
    const told = changes().length
    const shelves = async () =>
      Object.fromEntries((await ask('run.list', {})).runs.map((run) => [run.id, run.binnedAt ? 'bin' : run.archivedAt]))
    await ask('run.move', { moves: [{ runIds: [a, b, a], to: 'bin' }] })
    await ask('run.tag', {
      changes: [
        { runIds: [a, b], add: ['kept'] },
        { runIds: [b], add: ['euler'], remove: ['kept'] },
      ],
    })
    const ids = [a, b].map((id) => expect.objectContaining({ id }) as RunSummary)
    expect(changes().slice(told)).toEqual([ids, ids])
    expect(
      changes()
        .at(-1)!
        .map(({ tags }) => tags),
    ).toEqual([['kept'], ['euler']])

    const places = await shelves()
    expect(places).toEqual({ [a]: 'bin', [b]: 'bin', [c]: null })
    const mixed = [
      { runIds: [a], to: 'library' as const },
      { runIds: [c, 'nobody'], to: 'bin' as const },
    ]
    await expect(ask('run.move', { moves: mixed })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(ask('run.purge', { runIds: [a, c] })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(ask('run.extend', { runIds: [c, b], steps: 400 })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await shelves()).toEqual(places)
    expect((await ask('run.show', { runId: c })).status).toBe('finished')
    expect(changes().length).toBe(told + 2)
  })

  it('reads other archives beside its own and takes runs from them, each once', async () => {
    const source = startLaboratory()
    const runIds = await source.finish(specification)
    const { ask, changes } = startLaboratory()
    const opened = await ask('archive.open', { path: source.archivePath })
    expect(opened).toMatchObject({ runs: 1 })
    expect(await ask('archive.open', { path: join(source.archivePath, '..', 'a.grokscope') })).toEqual(opened)
    expect(await ask('archive.list', {})).toEqual([opened])
    expect((await ask('run.list', { archive: opened.id })).runs.map(({ id }) => id)).toEqual(runIds)
    expect(await ask('archive.import', { archive: opened.id })).toEqual({
      imported: 1,
      alreadyPresent: 0,
      refused: [],
      ...noFigures,
    })
    expect(await ask('archive.import', { archive: opened.id })).toEqual({
      imported: 0,
      alreadyPresent: 1,
      refused: [],
      ...noFigures,
    })
    expect(changes()).toMatchObject([[{ id: runIds[0] }]])
    await ask('archive.close', { archive: opened.id })
    await expect(ask('run.list', { archive: opened.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const [run] = (await ask('run.list', {})).runs
    const { bytes, name } = await ask('archive.export', { runIds: [run!.id] })
    const path = join(temporaryFolder(), name)
    writeFileSync(path, bytes)
    const exported = openArchive(path, { readOnly: true })
    expect(exported.runs.listRuns().map(({ contentHash }) => contentHash)).toEqual([run!.contentHash])
    exported.close()
  })

  it('takes over the runs of an archive that another program has open, and leaves it to that', async () => {
    const source = startLaboratory()
    const runIds = await source.finish(specification)
    await open.splice(open.indexOf(source.laboratory), 1)[0]!.close()
    const writer = await startWriter(source.archivePath, 'hold')
    const { ask } = startLaboratory()
    const { id: archive } = await ask('archive.open', { path: source.archivePath })
    expect(await ask('archive.import', { archive })).toEqual({
      imported: 1,
      alreadyPresent: 0,
      refused: [],
      ...noFigures,
    })
    await ask('archive.close', { archive })
    expect((await ask('run.list', {})).runs.map(({ id }) => id)).toEqual(runIds)
    expect(() => openArchive(source.archivePath)).toThrow(`is open in process ${writer.pid}`)
  })

  it('opens anew what was replaced since it was opened, and says of what is closed that it is', async () => {
    const [former, later] = [startLaboratory(), startLaboratory()]
    await former.finish(specification)
    for (const name of ['first', 'second']) await later.finish({ ...specification, name })
    await Promise.all([former, later].map(({ laboratory }) => open.splice(open.indexOf(laboratory), 1)[0]!.close()))
    const { ask } = startLaboratory()
    const opened = await ask('archive.open', { path: former.archivePath })
    expect(opened.runs).toBe(1)
    renameSync(later.archivePath, former.archivePath)
    const again = await ask('archive.open', { path: former.archivePath })
    expect(again.runs).toBe(2)
    expect(await ask('archive.list', {})).toEqual([again])
    const reader = openArchive(former.archivePath, { readOnly: true })
    reader.close()
    expect(() => reader.runs.listRuns()).toThrow(`${former.archivePath} was closed while it was being read`)
  })

  it('that is only read tells that its file is gone, and answers nothing until it is back', async () => {
    const path = join(temporaryFolder(), 'a.grokscope')
    openArchive(path).close()
    const { ask, told, until } = startLaboratory(path, { readOnly: true })
    const described = () => told.filter(({ name }) => name === 'archive.described').map(({ data }) => data)
    renameSync(path, `${path}-moved`)
    await until(() => described().length === 1)
    const failure = { code: 'ARCHIVE_MOVED', message: expect.stringContaining(path) as string }
    expect(described()).toMatchObject([{ path, readOnly: true, failure }])
    expect(await ask('archive.describe', {})).toEqual(described()[0])
    await expect(ask('run.list', {})).rejects.toMatchObject(failure)
    renameSync(`${path}-moved`, path)
    await until(() => described().length === 2)
    expect(described()[1]).toEqual({ path, readOnly: true, failure: null })
    expect((await ask('run.list', {})).runs).toEqual([])
  })

  it('that is only read tells of figures where another program changed one, and not where it computes', async () => {
    const path = join(temporaryFolder(), 'a.grokscope')
    const writer = openArchive(path)
    const before = writer.figures.write('a', '1', null)
    const { told, until } = startLaboratory(path, { readOnly: true })
    const count = (event: string) => told.filter(({ name }) => name === event).length
    const other = new DatabaseConstructor(path)
    other.exec("INSERT INTO facets (setup, path) VALUES ('none', 'a')")
    await until(() => count('runs.touched') === 1)
    expect(count('figure.changed')).toBe(0)
    writer.figures.write('a', '2', before)
    await until(() => count('runs.touched') === 2)
    expect(count('figure.changed')).toBe(1)
    other.exec("INSERT INTO facets (setup, path) VALUES ('none', 'b')")
    await until(() => count('runs.touched') === 3)
    expect(count('figure.changed')).toBe(1)
    other.close()
    writer.close()
  })

  it('gives nothing of an archive beside it that was replaced', async () => {
    const path = join(temporaryFolder(), 'a.grokscope')
    openArchive(path).close()
    const { ask } = startLaboratory()
    const opened = await ask('archive.open', { path })
    rmSync(path)
    openArchive(path).close()
    const failure = { code: 'ARCHIVE_MOVED', message: expect.stringContaining(path) as string }
    expect(await ask('archive.list', {})).toEqual([{ ...opened, runs: null, failure }])
    for (const asked of [ask('run.list', { archive: opened.id }), ask('archive.import', { archive: opened.id })]) {
      await expect(asked).rejects.toMatchObject({ code: 'ARCHIVE_MOVED' })
    }
  })

  it('says of an archive beside it that a newer version has upgraded it', async () => {
    const path = join(temporaryFolder(), 'a.grokscope')
    openArchive(path).close()
    const { ask } = startLaboratory()
    const opened = await ask('archive.open', { path })
    const newer = new DatabaseConstructor(path)
    newer.exec('CREATE TABLE further (value); PRAGMA user_version = 999')
    newer.close()
    const failure = { code: 'ARCHIVE_NEWER', message: expect.stringContaining(path) as string }
    expect(await ask('archive.list', {})).toEqual([{ ...opened, runs: null, failure }])
  })

  it('tells of a damaged run where it is shown, and takes it from nowhere', async () => {
    const source = startLaboratory()
    const [runId] = (await source.finish(specification)) as [string]
    expect((await source.ask('run.show', { runId })).integrity).toEqual({ hash: 'same', findings: [] })
    await open.splice(open.indexOf(source.laboratory), 1)[0]!.close()
    const database = new DatabaseConstructor(source.archivePath)
    database.exec("UPDATE runs SET seconds = 0.125; UPDATE measurementColumns SET name = 'unheard' WHERE position = 0")
    database.close()
    const { ask } = startLaboratory()
    const { id: archive } = await ask('archive.open', { path: source.archivePath })
    const { integrity, measured } = await ask('run.show', { runId, archive })
    expect(integrity.hash).toBe('differs')
    expect(measured.length > 0 && measured.every((name) => measurementNames.includes(name))).toBe(true)
    const { imported, refused } = await ask('archive.import', { archive })
    expect([imported, refused]).toEqual([0, [{ runId, findings: integrity.findings }]])
  })

  it('reproduces a figure: card, runs, verdicts and panels', async () => {
    const { ask, untilStatus } = startLaboratory()
    const card = async () => (await ask('paper.list', {})).find(({ id }) => id === 'musat2025/fig1')
    expect(await card()).toMatchObject({ state: 'notRun', runIds: [], result: null })
    const { begun: submissions } = await ask('paper.run', { figure: 'musat2025/fig1' })
    const runIds = submissions.flatMap((submission) => submission.runIds)
    for (const runId of runIds) await untilStatus(runId, 'finished')
    const shown = await ask('paper.show', { figure: 'musat2025/fig1' })
    expect(shown.claims.length).toBeGreaterThan(0)
    expect(shown.claims.map(({ verdict }) => verdict)).toEqual(shown.claims.map(() => 'holds'))
    expect(shown.panels.length).toBeGreaterThan(0)
    expect(await card()).toMatchObject({ state: 'ready', result: { claims: shown.claims } })
    expect((await card())!.runIds.toSorted()).toEqual(runIds.toSorted())
  })

  it('has a handler for each request of the contract, and no other', () => {
    const { handlers } = createClientWatch(startLaboratory().laboratory.handlers)
    expect(Object.keys(handlers).sort()).toEqual(Object.keys(requests).sort())
  })
})

describe('what an earlier session left', () => {
  it('running is interrupted; waiting goes on where it is asked for, and waits on where not', async () => {
    const first = startLaboratory()
    const { runIds } = await first.ask('experiment.submit', { spec: { ...endless, seeds: [0, 1, 2] } })
    await first.until(() => first.laboratory.runs.load().running === 2)
    await first.laboratory.close()
    open.length = 0
    const left = openArchive(first.archivePath)
    expect(
      left.runs
        .listRuns()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['cancelled', 'cancelled', 'queued'])
    left.runs.requeue(left.runs.listRuns({ where: 'status:cancelled' })[0]!.id)
    left.runs.setStatus(left.runs.listRuns({ where: 'status:queued' })[0]!.id, 'running')
    left.close()

    const idle = startLaboratory(first.archivePath)
    const statuses = async () => (await idle.ask('run.list', {})).runs.map(({ status }) => status).sort()
    expect(await statuses()).toEqual(['cancelled', 'interrupted', 'queued'])
    expect(idle.laboratory.activeRuns()).toBe(0)
    await idle.laboratory.close()
    open.length = 0

    const active = startLaboratory(first.archivePath, { startQueued: true })
    expect(active.laboratory.activeRuns()).toBe(1)
    const [waiting] = (await active.ask('run.list', {})).runs.filter(({ status }) => status === 'queued')
    expect(runIds).toContain(waiting!.id)
    await active.untilStatus(waiting!.id, 'running')
  })

  it('is free for the next program once closed', async () => {
    const { laboratory, archivePath, finish } = startLaboratory()
    await finish(specification)
    await laboratory.close()
    open.length = 0
    openArchive(archivePath).close()
    expect(existsSync(`${archivePath}-wal`)).toBe(false)
  })
})
