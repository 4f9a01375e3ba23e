import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { transitions } from '../../../src/main/store/runs.ts'
import { stepsOf, requireComposed, toRunSpec } from '../../../src/shared/experiment.ts'
import type { FigureId } from '../../../src/shared/papers/papers.ts'
import { runStatuses, type RunStatus } from '../../../src/shared/run.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { facetsOf } from '../../../src/shared/specification/facets.ts'
import { templates } from '../../../src/shared/specification/templates.ts'
import {
  eventsOf,
  matrix,
  measured,
  settled,
  smallSpec,
  snapshot,
  started,
  temporaryArchives,
  writeAsStored,
} from '../../support/archive.ts'
import { datasetTask } from '../../support/datasetTask.ts'

const { open } = temporaryArchives()

/** By which way a run comes into each status. */
const ways: Record<RunStatus, RunStatus[]> = {
  queued: [],
  running: ['running'],
  paused: ['running', 'paused'],
  finished: ['running', 'finished'],
  failed: ['running', 'failed'],
  cancelled: ['cancelled'],
  interrupted: ['running', 'interrupted'],
}

function runIn(archive: Archive, status: RunStatus): string {
  const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
  for (const next of ways[status]) archive.runs.setStatus(runId!, next)
  return runId!
}

describe('an experiment', () => {
  it('has a queued run for each seed, which knows its own specification and what lists show of it', () => {
    const archive = open()
    const spec = smallSpec({ name: 'three', seeds: [5, 1, 9] })
    const { experimentId, runIds } = archive.runs.createExperiment({ spec, figure: 'musat2025/fig6' })
    expect(archive.runs.experiment(experimentId)).toMatchObject({ name: 'three', figure: 'musat2025/fig6', spec })
    const listed = archive.runs.listRuns()
    expect(listed.map(({ id, seed }) => [id, seed])).toEqual([
      [runIds[0], 5],
      [runIds[1], 1],
      [runIds[2], 9],
    ])
    expect(listed[1]).toMatchObject({
      name: 'three, seed 1',
      experiment: 'three',
      figure: 'musat2025/fig6',
      status: 'queued',
      step: 0,
      steps: 100,
      trainPairs: 9,
      facets: facetsOf(spec),
      latest: {},
      events: {},
      tags: [],
      sequence: -1,
    })
    expect(archive.runs.run(runIds[2]!).spec).toEqual(toRunSpec(spec, 9))
    expect(archive.runs.summary(runIds[2]!)).toEqual(listed[2])
  })

  it('has as many training pairs as its start gives it, which need not be those of its share', () => {
    const archive = open()
    const spec = smallSpec()
    const initial = { parameters: { E: matrix(5, 16) }, train: Int32Array.of(1, 4, 5, 11) }
    archive.runs.createExperiment({ spec, runs: [{ spec: toRunSpec(spec, 0), initial: () => initial }] })
    expect(archive.runs.listRuns()).toMatchObject([{ trainPairs: 4 }])
  })

  it('of training is described by what training has', () => {
    const archive = open()
    const dynamics = { kind: 'training', optimizer: 'adamw', learningRate: 0.5, weightDecay: 1e-3, steps: 10 }
    archive.runs.createExperiment({ spec: smallSpec({ dynamics }) })
    const { facets } = archive.runs.listRuns()[0]!
    expect(facets).toMatchObject({
      'dynamics.kind': 'training',
      'dynamics.optimizer.kind': 'adamw',
      'dynamics.learningRate': 0.5,
      'dynamics.weightDecay': 1e-3,
      'dynamics.loss': 'meanSquaredError',
      'record.snapshots': 'log',
      interventions: 0,
    })
    for (const path of ['dynamics.integrator.kind', 'dynamics.integrator.stepSize', 'dynamics.ridge', 'name']) {
      expect(facets).not.toHaveProperty([path])
    }
  })

  it('can have runs that differ in more than the seed, and more of them later', () => {
    const archive = open()
    const spec = smallSpec()
    const wide = toRunSpec(smallSpec({ network: { hidden: 32 } }), 0)
    const { experimentId } = archive.runs.createExperiment({ spec, runs: [{ spec: wide, name: 'wide' }] })
    const parent = archive.runs.listRuns()[0]!.id
    archive.runs.addRun(experimentId, { spec: toRunSpec(spec, 7), parent: { runId: parent, step: 30 } })
    expect(archive.runs.listRuns()).toMatchObject([
      { name: 'wide', facets: { 'network.hidden': 32 }, experimentId },
      { name: 'small, seed 7', facets: { 'network.hidden': 16 }, experimentId, parentRunId: parent, parentStep: 30 },
    ])
    expect(() => archive.runs.addRun('nobody', { spec: wide })).toThrow('there is no experiment "nobody"')
  })

  it('has its tags on every run, also on those of later, whose records are whole', () => {
    const { runs, integrity } = open()
    const spec = smallSpec({ seeds: [0, 1] })
    const { experimentId, runIds } = runs.createExperiment({ spec, tags: ['a', 'b', 'a'] })
    const tagged = runs.addRun(experimentId, { spec: toRunSpec(spec, 2) }, ['c'])
    const plain = runs.addRun(experimentId, { spec: toRunSpec(spec, 3) })
    const tagsOf = (runId: string) => runs.summary(runId).tags
    expect([...runIds, tagged, plain].map(tagsOf)).toEqual([['a', 'b'], ['a', 'b'], ['c'], []])
    for (const runId of [...runIds, tagged, plain]) expect(integrity.check(runId)).toMatchObject({ findings: [] })
  })

  it('of data from a file brings it, or is refused where it is not there, with nothing stored', () => {
    const { runs, datasets } = open()
    const { task, dataset } = datasetTask({ X: new Float64Array(18).fill(0.5), Y: Int32Array.of(0, 1, 0, 1, 0, 1) })
    const spec = smallSpec({ task })
    expect(() => runs.createExperiment({ spec })).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    expect(runs.countRuns()).toBe(0)
    const { runIds } = runs.createExperiment({ spec, dataset })
    expect(datasets.ofRun(runIds[0]!)).toEqual(dataset)
    expect(runs.createExperiment({ spec }).runIds).toHaveLength(1)
  })

  it('is found by its name where it is the newest of a figure with a run outside the bin', () => {
    const { runs, library } = open()
    const add = (name: string, figure?: FigureId) => runs.createExperiment({ spec: smallSpec({ name }), figure })
    add('a', 'musat2025/fig6')
    const [newest, other] = [add('a', 'musat2025/fig6'), add('b', 'musat2025/fig6')]
    const binned = add('a', 'musat2025/fig6')
    add('a', 'musat2025/fig3')
    add('a')
    for (const runId of binned.runIds) runs.setStatus(runId, 'cancelled')
    library.move(binned.runIds, 'bin')
    expect(runs.newestExperiments('musat2025/fig6')).toEqual(
      new Map([
        ['a', newest.experimentId],
        ['b', other.experimentId],
      ]),
    )
    expect(runs.countRuns()).toBe(5)
    expect(runs.listIds()).toEqual(runs.listRuns().map(({ id }) => id))
  })

  it('knows which of its runs have a start of their own and what each is to be computed with', () => {
    const archive = open()
    const spec = toRunSpec(smallSpec(), 0)
    const initial = () => ({ parameters: { E: matrix(5, 16) } })
    const { runIds } = archive.runs.createExperiment({
      spec: smallSpec(),
      runs: [{ spec, initial, backend: 'wasm' }, { spec }],
    })
    const asked = (runs: Archive['runs']) =>
      runIds.map((runId) => [runs.isGivenStart(runId), runs.backendAskedFor(runId)])
    expect(asked(archive.runs)).toEqual([
      [true, 'wasm'],
      [false, undefined],
    ])
    archive.close()
    writeAsStored(archive.path, (database) => database.exec("UPDATE documents SET backend = 'abacus'"))
    expect(() => asked(open(archive.path, { readOnly: true }).runs)).toThrow(
      expect.objectContaining({
        code: 'ARCHIVE_UNREADABLE',
        message: `the backend requested for run ${runIds[0]} is "abacus", which does not exist`,
      }),
    )
  })

  it('comes before older ones in the list, also of the same millisecond, its runs in their order', () => {
    const archive = open()
    const made = Array.from({ length: 8 }, () => archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1] }) }))
    const newestFirst = made.toReversed().flatMap(({ runIds }) => runIds)
    expect(archive.runs.listRuns().map(({ id }) => id)).toEqual(newestFirst)
  })
})

describe('the status of a run', () => {
  it.each(runStatuses)('follows only what may follow %s', (from) => {
    const archive = open()
    for (const to of runStatuses) {
      const runId = runIn(archive, from)
      const change = () => archive.runs.setStatus(runId, to)
      if (transitions[from].includes(to)) change()
      else
        expect(change).toThrow(
          `run ${runId} is ${from} and cannot become ${to}; allowed: ${transitions[from].join(', ')}`,
        )
      expect(archive.runs.status(runId)).toBe(transitions[from].includes(to) ? to : from)
    }
  })

  it('becomes interrupted for what was in motion when the program ended, and for nothing else', () => {
    const archive = open()
    const ids = Object.fromEntries(runStatuses.map((status) => [status, runIn(archive, status)])) as Record<
      RunStatus,
      string
    >
    expect(archive.runs.markInterrupted().sort()).toEqual([ids.running, ids.paused].sort())
    for (const status of runStatuses) {
      const isMarked = status === 'running' || status === 'paused'
      expect(archive.runs.status(ids[status])).toBe(isMarked ? 'interrupted' : status)
    }
  })

  it('of a run whose worker is gone says why', () => {
    const archive = open()
    const runId = runIn(archive, 'running')
    archive.runs.end([runId], {
      status: 'interrupted',
      error: { code: 'WORKER_DIED', message: 'signal SIGSEGV' },
    })
    expect(archive.runs.summary(runId)).toMatchObject({
      status: 'interrupted',
      code: 'WORKER_DIED',
      message: 'signal SIGSEGV',
    })
    archive.runs.requeue(runId)
    expect(archive.runs.run(runId)).toMatchObject({ status: 'queued', code: null, message: null, advice: null })
  })
})

describe('queueing a run again', () => {
  it('keeps what it has, and lengthens it where more steps are asked for', () => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
    archive.applyEvents(
      eventsOf(runId!, [started, measured(100, { trainLoss: 1 }), snapshot(100, { reason: 'final' }), settled()]),
    )
    archive.runs.requeue(runId!, { steps: 500 })
    const run = archive.runs.run(runId!)
    expect(run).toMatchObject({ status: 'queued', steps: 500, step: 100, contentHash: null, finishedAt: null })
    expect(stepsOf(run.spec)).toBe(500)
    expect(archive.snapshots.latestSnapshot(runId!)).toMatchObject({ step: 100, reason: 'scheduled' })
  })

  it('refuses more steps of a study, whose clock ends by itself', () => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: parseExperiment(templates.multiScaleFeatures) }).runIds
    archive.runs.setStatus(runId!, 'cancelled')
    const { steps } = archive.runs.summary(runId!)
    expect(() => archive.runs.requeue(runId!, { steps: steps + 1 })).toThrow(
      `run ${runId} is of a study, whose clock ends where its specification says`,
    )
    expect(archive.runs.summary(runId!)).toMatchObject({ status: 'cancelled', steps })
  })

  it('leaves a cosine that was to end with the run at the step at which it ends', () => {
    const archive = open()
    const training = { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 100, schedule: { shape: 'cosine' } }
    const runId = archive.runs.createExperiment({ spec: smallSpec({ dynamics: training }) }).runIds[0]!
    archive.applyEvents(eventsOf(runId, [started, snapshot(100, { reason: 'final' }), settled()]))
    archive.runs.requeue(runId, { steps: 500 })
    archive.runs.setStatus(runId, 'cancelled')
    archive.runs.requeue(runId, { steps: 600 })
    expect(requireComposed(archive.runs.run(runId).spec).dynamics).toMatchObject({
      steps: 600,
      schedule: { shape: 'cosine', steps: 100 },
    })
    expect(archive.runs.summary(runId).facets).toMatchObject({ 'dynamics.schedule.steps': 100 })
  })

  it('takes the place of a decay time by more steps', () => {
    const archive = open()
    const isolated = { kind: 'isolated', ridge: 0.1, decayTime: 0.1 }
    const runId = archive.runs.createExperiment({ spec: smallSpec({ dynamics: isolated }) }).runIds[0]!
    archive.applyEvents(eventsOf(runId, [started, snapshot(100, { reason: 'final' }), settled()]))
    expect(archive.runs.summary(runId).facets).toMatchObject({ 'dynamics.steps': 100, 'dynamics.decayTime': 0.1 })
    archive.runs.requeue(runId, { steps: 500 })
    expect(requireComposed(archive.runs.run(runId).spec).dynamics).not.toHaveProperty('decayTime')
    expect(archive.runs.summary(runId).facets).not.toHaveProperty('dynamics.decayTime')
    expect(archive.integrity.check(runId)).toMatchObject({ findings: [] })
  })

  it('with more steps changes what is known of its own specification alone, and keeps that of others', () => {
    const archive = open()
    const [first, second] = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1] }) }).runIds
    for (const runId of [first!, second!]) {
      archive.applyEvents(eventsOf(runId, [started, snapshot(100, { reason: 'final' }), settled()]))
    }
    const database = new DatabaseConstructor(archive.path)
    const setups = () => database.prepare('SELECT DISTINCT setup FROM facets ORDER BY setup').pluck().all()
    const nobodys = 'f'.repeat(32)
    database.prepare("INSERT INTO facets (setup, path, text) VALUES (?, 'model', 'x')").run(nobodys)
    const [shared] = setups()
    archive.runs.requeue(first!, { steps: 500 })
    expect(setups()).toHaveLength(3)
    expect(setups()).toEqual(expect.arrayContaining([shared, nobodys]))
    archive.runs.requeue(second!, { steps: 500 })
    expect(setups()).toHaveLength(2)
    expect(setups()).not.toContain(shared)
    expect(setups()).toContain(nobodys)
    database.close()
  })

  it('goes on from where it ended early, to any more steps', () => {
    const archive = open()
    const spec = smallSpec({ stop: { after: 'memorized', steps: 10 } })
    const runId = archive.runs.createExperiment({ spec }).runIds[0]!
    archive.applyEvents(
      eventsOf(runId, [started, snapshot(40, { reason: 'final' }), settled({ step: 40, message: 'early' })]),
    )
    expect(archive.runs.summary(runId)).toMatchObject({ status: 'finished', step: 40, steps: 100, message: 'early' })
    expect(() => archive.runs.requeue(runId)).toThrow('ask for more than 40 steps')
    expect(() => archive.runs.requeue(runId, { steps: 40 })).toThrow('has 40 steps; 40 would not extend it')
    archive.runs.requeue(runId, { steps: 70 })
    expect(archive.runs.summary(runId)).toMatchObject({ status: 'queued', steps: 70, message: null })
    expect(archive.runs.run(runId).spec).not.toHaveProperty('stop')
    expect(archive.integrity.check(runId)).toMatchObject({ findings: [] })
  })

  it('of one that is damaged is refused', () => {
    const { path, runs } = open()
    const runId = runs.createExperiment({ spec: smallSpec() }).runIds[0]!
    runs.setStatus(runId, 'cancelled')
    const database = new DatabaseConstructor(path)
    database.exec("UPDATE runs SET name = 'forged'")
    database.close()
    expect(() => runs.requeue(runId)).toThrow('its record is not what was stored')
    expect(runs.status(runId)).toBe('cancelled')
  })

  it('of one that is in the bin is refused until it is restored', () => {
    const { runs, library } = open()
    const runId = runs.createExperiment({ spec: smallSpec() }).runIds[0]!
    runs.setStatus(runId, 'cancelled')
    library.move([runId], 'bin')
    expect(() => runs.requeue(runId)).toThrow(`run ${runId} is in the bin; restore it first`)
    library.move([runId], 'library')
    runs.requeue(runId)
    expect(runs.status(runId)).toBe('queued')
  })

  it('of one whose process has gone before it began is a whole record again', () => {
    const { path, runs } = open()
    const runId = runs.createExperiment({ spec: smallSpec() }).runIds[0]!
    runs.requeue(runId, { isLeftOver: true, steps: 500 })
    expect(runs.summary(runId)).toMatchObject({ status: 'queued', steps: 500 })
    expect(open(path, { readOnly: true }).integrity.check(runId)).toMatchObject({ findings: [] })
  })

  it('numbers its events on', () => {
    const archive = open()
    const runId = archive.runs.createExperiment({ spec: smallSpec() }).runIds[0]!
    expect(archive.runs.nextSequence(runId)).toBe(0)
    archive.applyEvents(eventsOf(runId, [started, snapshot(40), settled({ status: 'cancelled', step: 40 })]))
    archive.runs.requeue(runId)
    expect(archive.runs.nextSequence(runId)).toBe(3)
  })

  it.each<[RunStatus, { steps?: number }, RegExp]>([
    ['paused', {}, /is paused; continue or cancel it first/],
    ['paused', { steps: 500 }, /is paused; continue or cancel it first/],
    ['finished', {}, /is finished; to extend it, ask for more than 100 steps/],
    ['finished', { steps: 100 }, /has 100 steps; 100 would not extend it/],
    ['interrupted', { steps: 50 }, /has 100 steps; 50 would not extend it/],
    ['running', {}, /is running and cannot become queued/],
    ['queued', {}, /is queued and cannot become queued/],
  ])('is refused where it is %s and %j is asked for', (status, options, message) => {
    const archive = open()
    const runId = runIn(archive, status)
    const before = archive.runs.run(runId)
    expect(() => archive.runs.requeue(runId, options)).toThrow(message)
    expect(archive.runs.run(runId)).toEqual(before)
  })

  it('is refused for more steps than a specification may have, with nothing changed', () => {
    const archive = open()
    const runId = runIn(archive, 'finished')
    const before = archive.runs.run(runId)
    expect(() => archive.runs.requeue(runId, { steps: 1e10 })).toThrow(
      expect.objectContaining({ code: 'INVALID_SPECIFICATION' }),
    )
    expect(archive.runs.run(runId)).toEqual(before)
  })
})

describe('finding a run', () => {
  /** An archive whose runs have these ids. */
  function archiveOf(ids: readonly string[]): Archive {
    const archive = open()
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [...ids.keys()] }) })
    archive.close()
    writeAsStored(archive.path, (database) => {
      database.pragma('foreign_keys = off')
      for (const [table, column] of [
        ['runs', 'id'],
        ['documents', 'runId'],
      ]) {
        const rename = database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`)
        runIds.forEach((from, i) => rename.run(ids[i], from))
      }
    })
    return open(archive.path)
  }

  it('takes the beginning of an id that only one has, and names five of several', () => {
    const { runs } = archiveOf(['b7', 'aa3', 'aa1', 'aa2', 'aa', 'ab1', 'ab2'])
    expect([runs.resolve('b'), runs.resolve('b7'), runs.resolve('aa3')]).toEqual(['b7', 'b7', 'aa3'])
    const refused = (reference: string, ids: string) => {
      const message = `"${reference}" begins the ids of several runs: ${ids}`
      expect(() => runs.resolve(reference)).toThrow(expect.objectContaining({ code: 'CONFLICT', message }))
    }
    refused('ab', 'ab1, ab2')
    refused('a', 'aa, aa1, aa2, aa3, ab1')
  })

  it('takes an id that begins others for itself', () => {
    const { runs } = archiveOf(['aa1', 'aa', 'aa2'])
    expect(runs.resolve('aa')).toBe('aa')
  })

  it.each(['', 'nobody', '%', '_', '\\', "'"])('says that there is no run %j', (reference) => {
    const { runs } = open()
    runs.createExperiment({ spec: smallSpec() })
    const questions = [
      () => runs.resolve(reference),
      () => runs.run(reference),
      () => runs.shown(reference),
      () => runs.summary(reference),
      () => runs.status(reference),
      () => runs.nextSequence(reference),
      () => runs.seconds(reference),
      () => runs.experimentOf(reference),
      () => runs.isGivenStart(reference),
      () => runs.initialState(reference),
      () => runs.backendAskedFor(reference),
    ]
    const message = `there is no run ${JSON.stringify(reference)}`
    for (const ask of questions) expect(ask).toThrow(expect.objectContaining({ code: 'NOT_FOUND', message }))
    expect(() => runs.experiment(reference)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', message: `there is no experiment "${reference}"` }),
    )
  })
})

describe('the list of runs', () => {
  it('has each once and in order, however many there are', () => {
    const { runs } = open()
    const seeds = Array.from({ length: 1000 }, (_, seed) => seed)
    const { runIds } = runs.createExperiment({ spec: smallSpec({ seeds }) })
    runIds.unshift(...runs.createExperiment({ spec: smallSpec({ seeds: [0, 1] }) }).runIds)
    expect(runs.listRuns().map(({ id }) => id)).toEqual(runIds)
    const backward = runIds.toReversed()
    expect(runs.summaries(['nobody', ...backward]).map(({ id }) => id)).toEqual(backward)
  })

  it('holds those that a filter lets through', () => {
    const archive = open()
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1, 2] }) })
    archive.runs.setStatus(runIds[1]!, 'cancelled')
    archive.library.tag([runIds[2]!], { add: ['kept'] })
    const listed = (where: string) => archive.runs.listRuns({ where }).map(({ seed }) => seed)
    expect(listed('p = 5 and not status:cancelled')).toEqual([0, 2])
    expect(listed('tag:kept')).toEqual([2])
    expect(() => listed('p =')).toThrow(expect.objectContaining({ code: 'INVALID_QUERY' }))
  })
})

describe('a damaged run', () => {
  it.each([
    ["UPDATE documents SET spec = '{'", /run \w+ is damaged: "\{" is not JSON/],
    ['UPDATE documents SET spec = \'{"seed": 1}\'', /the specification of run \w+ is not valid: /],
    ["UPDATE documents SET provenance = 'x'", /the provenance of run \w+ is damaged/],
  ])('by %j is refused, by name', (damage, message) => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
    archive.close()
    const database = new DatabaseConstructor(archive.path)
    database.exec(damage)
    database.close()
    const reader = open(archive.path, { readOnly: true })
    expect(() => reader.runs.run(runId!)).toThrow(expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }))
    expect(() => reader.runs.run(runId!)).toThrow(message)
  })
})
